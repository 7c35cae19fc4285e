import { describe, expect, it } from 'vitest'
import type { Side } from '#schema/viewing.ts'
import { firstUnseen, nothingSeen, shareOf, withSeen, withWritten, written } from './coverage.ts'
import { framesOf } from './frame.ts'
import { image } from './exam.fixture.ts'
import { flagsOf, labelOf, techniqueOf } from './labels.ts'
import { arrange } from './layout.ts'
import { trueScale, warningsOf } from './screen.ts'
import { fittingScale, home, onPage, type Rect, screenScale } from './sight.ts'
import { piecesOf, stagesOf } from './stages.ts'

const FOUR = (['L', 'R'] as Side[]).flatMap((side) => ['MLO', 'CC'].map((view) => image(side, view)))
const ROOM: Rect = { x: 0, y: 0, width: 1600, height: 900 }

describe('stages', () => {
  it('go from all views to each view piece by piece, right before left', () => {
    expect(stagesOf(FOUR).map(({ id, imageIds }) => `${id}: ${imageIds.join(' ')}`)).toEqual([
      'overview: RCC LCC RMLO LMLO',
      'pair_cc: RCC LCC',
      'pair_mlo: RMLO LMLO',
      'side_r: RCC RMLO',
      'side_l: LCC LMLO',
      'full_r_cc: RCC',
      'full_l_cc: LCC',
      'full_r_mlo: RMLO',
      'full_l_mlo: LMLO',
      'done: ',
    ])
  })

  it('show further views behind the pairs, and leave out what there is not', () => {
    const images = [image('R', 'CC'), image('R', 'CC', { image_id: 'spot', is_standard: false }), image('L', 'ML', { image_id: 'ml', is_standard: false })]
    expect(stagesOf(images).map(({ id, imageIds }) => `${id}: ${imageIds.join(' ')}`)).toEqual([
      'overview: RCC',
      'further_1: spot ml',
      'full_r_cc: RCC',
      'full_further_1: spot',
      'full_further_2: ml',
      'done: ',
    ])
  })

  it('of an exam without standard views begin with what there is', () => {
    expect(stagesOf([image('L', 'ML', { is_standard: false })]).map(({ id }) => id)).toEqual(['overview', 'full_further_1', 'done'])
    expect(stagesOf([])).toEqual([])
  })

  it('have names that the time spent can be written down under', () => {
    for (const { id } of stagesOf(FOUR)) expect(id).toMatch(/^[A-Za-z0-9_.:+-]{1,32}$/)
  })
})

describe('panes', () => {
  const { frames } = framesOf(['CC', 'MLO'].flatMap((view) => (['R', 'L'] as Side[]).map((side) => image(side, view))))

  it.each([
    [1600, 900, 4],
    [900, 1600, 2],
    [4096, 2560, 4],
    [2048, 2560, 2],
    [1280, 700, 4],
  ])('of four views on %i × %i stand in %i columns', (width, height, columns) => {
    expect(arrange(frames, { x: 0, y: 0, width, height }).columns).toBe(columns)
  })

  it('fill the room without gaps', () => {
    const { rects } = arrange(frames, { x: 10, y: 20, width: 1601, height: 333 })
    expect(rects.reduce((sum, { width, height }) => sum + width * height, 0)).toBe(1601 * 333)
    rects.slice(1).forEach((rect, n) => expect(rect.x).toBe((rects[n]?.x ?? 0) + (rects[n]?.width ?? 0)))
  })

  it('let right and left breast stand back to back', () => {
    const { rects, scale } = arrange(frames.slice(0, 2), ROOM)
    const walls = frames.slice(0, 2).map((frame, n) => onPage(frame, rects[n] as Rect, home(frame, rects[n] as Rect, scale), { u: 0, v: 0 }).x)
    expect(walls).toEqual([800, 800])
  })
})

describe('pieces at 1:1', () => {
  const [frame] = framesOf([image('R', 'MLO')]).frames
  if (frame === undefined) throw new Error('no frame')

  it.each([1, 1.5, 2])('show the whole breast, pixel by pixel of a screen with %f of them to one of the page', (devicePixels) => {
    const pieces = piecesOf(frame, ROOM, devicePixels)
    let coverage = nothingSeen(frame)
    for (const sight of pieces) {
      expect(screenScale(frame, sight, devicePixels)).toBeCloseTo(1, 9)
      const more = withSeen(coverage, frame, ROOM, sight, devicePixels)
      expect(shareOf(more)).toBeGreaterThan(shareOf(coverage))
      coverage = more
    }
    expect(shareOf(coverage)).toBe(1)
  })

  it('are one where the view is smaller than the pane', () => {
    expect(piecesOf(frame, { ...ROOM, width: 9000, height: 9000 }, 1)).toHaveLength(1)
  })

  it('are led to, the first that shows something not yet seen, and after a reload too', () => {
    const pieces = piecesOf(frame, ROOM, 1)
    const none = nothingSeen(frame)
    expect(firstUnseen(none, frame, ROOM, pieces, 1)).toBe(0)
    const some = withSeen(withSeen(none, frame, ROOM, pieces[0] as (typeof pieces)[0], 1), frame, ROOM, pieces[2] as (typeof pieces)[0], 1)
    expect(firstUnseen(withWritten(none, written(some)), frame, ROOM, pieces, 1)).toBe(1)
    const all = pieces.reduce((before, sight) => withSeen(before, frame, ROOM, sight, 1), none)
    expect(firstUnseen(all, frame, ROOM, pieces, 1)).toBeNull()
    expect(withWritten(none, '01')).toBe(none)
  })

  it('only count at 1:1', () => {
    const none = nothingSeen(frame)
    expect(withSeen(none, frame, ROOM, home(frame, ROOM, fittingScale([frame], [ROOM])), 1)).toBe(none)
  })
})

describe('labels', () => {
  it('name side, view and modifiers', () => {
    expect(labelOf('R', 'MLO', {})).toBe('R MLO')
    expect(labelOf('L', 'CC', { view_modifiers: ['magnification', 'spot_compression', 'rolled_lateral', 'unheard_of'] })).toBe('L M S CC RL')
  })

  it('say how an image was taken, and nothing that is not known', () => {
    const attributes = { kvp: 28, exposure: 95, anode_target_material: 'TUNGSTEN', filter_material: ['RHODIUM'], body_part_thickness: 58, compression_force: 110.4, organ_dose: 0.0123 }
    expect(techniqueOf(attributes)).toEqual(['28 kV · 95 mAs', 'W/Rh', '58 mm · 110 N', '1.23 mGy'])
    expect(techniqueOf({})).toEqual([])
  })

  it('flag partial views and implants', () => {
    expect(flagsOf({ partial_view: 'YES', breast_implant_present: 'YES' })).toEqual(['partial', 'implant'])
    expect(flagsOf({ partial_view: 'NO' })).toEqual([])
  })
})

describe('screens', () => {
  it('are warned about when they show too little', () => {
    expect(warningsOf({ width: 1366, height: 768, colorDepth: 24, devicePixels: 1.25 }, false)).toEqual(['small', 'shallow', 'blurred', 'slow'])
    expect(warningsOf({ width: 2048, height: 2560, colorDepth: 30, devicePixels: 1 }, true)).toEqual([])
  })

  it('show true size when their diagonal is known', () => {
    // 27 inches of 2560 × 1440: 0.2335 mm for a pixel
    expect(1 / trueScale({ width: 2560, height: 1440, colorDepth: 24, devicePixels: 1 }, 27)).toBeCloseTo(0.2335, 4)
  })
})
