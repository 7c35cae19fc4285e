import { describe, expect, it } from 'vitest'
import type { DraftSaid, Reading } from '#schema/marking.ts'
import type { Kept } from './queue.ts'
import { WorkClock } from './reading-clock.ts'
import { startOf } from './reading-start.ts'

const reading = (comment: string): Reading => ({ breasts: [], findings: [], comment })
const said = (version: number, comment: string): DraftSaid => ({ version, reading: reading(comment), seconds: { overview: 5 }, viewed: { x: { share_at_full: 0.5, seconds: 9, seconds_at_full: 1 } }, stage: 'pair_cc', saved_at: null })
const kept = (version: number, comment: string, isUnsaved: boolean): Kept => ({
  name: 'alice',
  study_id: '1',
  number: 1,
  list: 'worklist',
  state: 'draft',
  reading: reading(comment),
  decided: { x: 'a' },
  version,
  isUnsaved,
  seconds: { overview: 9, side_r: 1 },
  stage: 'side_r',
  confirmed: ['k'],
  view: 'view',
  at: 0,
})

describe('an exam is opened with', () => {
  it('what the server has, where nothing is kept here', () => {
    expect(startOf(said(2, 'there'), null)).toMatchObject({ reading: { comment: 'there' }, version: 2, stage: 'pair_cc', isUnsaved: false, conflict: null })
  })

  it('what is kept here of the same version, saved or not, and the longer times', () => {
    expect(startOf(said(2, 'there'), kept(2, 'here', true))).toMatchObject({ reading: { comment: 'here' }, version: 2, isUnsaved: true, stage: 'side_r', seconds: { overview: 9, side_r: 1 }, view: 'view' })
  })

  it('the larger of what was seen here and there', () => {
    const here = { ...kept(2, 'here', true), viewed: { x: { share_at_full: 0.25, seconds: 12, seconds_at_full: 3 }, y: { share_at_full: 1, seconds: 1, seconds_at_full: 1 } } }
    expect(startOf(said(2, 'there'), here).viewed).toEqual({
      x: { share_at_full: 0.5, seconds: 12, seconds_at_full: 3 },
      y: { share_at_full: 1, seconds: 1, seconds_at_full: 1 },
    })
    expect(startOf(said(2, 'there'), kept(2, 'here', true)).viewed).toEqual(said(2, '').viewed)
    expect(startOf(null, null).viewed).toEqual({})
  })

  it('the server’s newer version where nothing unsaved is here, or both say the same', () => {
    expect(startOf(said(3, 'there'), kept(2, 'here', false))).toMatchObject({ reading: { comment: 'there' }, version: 3, isUnsaved: false, decided: {} })
    expect(startOf(said(3, 'same'), kept(2, 'same', true))).toMatchObject({ version: 3, isUnsaved: false, decided: { x: 'a' }, view: 'view', conflict: null })
  })

  it('both, where both were changed', () => {
    expect(startOf(said(3, 'there'), kept(2, 'here', true))).toMatchObject({ reading: { comment: 'here' }, conflict: { version: 3, reading: { comment: 'there' } } })
  })

  it('what can be undone, and how it waits to be sent, also where the server says the same', () => {
    const history = { shape: 2, present: { breasts: {}, marks: [], comment: '', decided: {}, nipples: {} }, past: [], future: [] }
    const waiting: Kept = { ...kept(2, 'same', true), history, state: 'amended', reason: 'why' }
    for (const version of [2, 3]) expect(startOf(said(version, 'same'), waiting)).toMatchObject({ history, waits: { state: 'amended', reason: 'why' } })
    expect(startOf(said(3, 'there'), { ...waiting, isUnsaved: false }).history).toBeUndefined()
    expect(startOf(null, kept(2, 'here', true)).waits).toBeUndefined()
  })

  it('what is here, where the server cannot be asked, and over an older one that came back from a backup', () => {
    expect(startOf(null, kept(2, 'here', true))).toMatchObject({ reading: { comment: 'here' }, version: 2 })
    expect(startOf(said(1, 'old'), kept(2, 'here', true))).toMatchObject({ reading: { comment: 'here' }, version: 1, conflict: null })
    expect(startOf(null, null)).toMatchObject({ reading: null, version: 0 })
  })
})

describe('the seconds of work', () => {
  it('are counted by stage, onto those of before', () => {
    const clock = new WorkClock({ overview: 10 }, {}, 0)
    clock.enter('overview', 1000)
    clock.enter('pair_cc', 4000)
    expect(clock.seconds(6500)).toEqual({ overview: 13, pair_cc: 2.5 })
  })

  it('stop while the page is not seen, and a minute after the last sign of somebody', () => {
    const clock = new WorkClock({}, {}, 0)
    clock.enter('overview', 0)
    clock.show(false, 10_000)
    clock.show(true, 500_000)
    expect(clock.seconds(510_000)).toEqual({ overview: 20 })
    expect(clock.seconds(900_000)).toEqual({ overview: 70 })
    clock.sign(900_000)
    expect(clock.seconds(930_000)).toEqual({ overview: 100 })
  })

  it('never go back', () => {
    const clock = new WorkClock({}, {}, 0)
    clock.enter('overview', 0)
    let before = 0
    for (let now = 0; now < 300_000; now += 7001) {
      if (now % 3 === 0) clock.sign(now)
      const { overview = 0 } = clock.seconds(now)
      expect(overview).toBeGreaterThanOrEqual(before)
      before = overview
    }
  })
})

const on = (...shown: [string, boolean][]) => new Map(shown)

describe('what was seen', () => {
  it('is counted for every image on the screen, and apart while it is at 1:1, onto what was before', () => {
    const clock = new WorkClock({}, { a: { share_at_full: 0, seconds: 1, seconds_at_full: 0 } }, 0)
    clock.enter('pair_cc', 0, on(['a', false], ['b', false]))
    clock.enter('full_r_cc', 2000, on(['a', true]))
    clock.enter('done', 5000)
    expect(clock.viewed(9000)).toEqual({
      a: { share_at_full: 0, seconds: 6, seconds_at_full: 3 },
      b: { share_at_full: 0, seconds: 2, seconds_at_full: 0 },
    })
    expect(clock.seconds(9000)).toEqual({ pair_cc: 2, full_r_cc: 3, done: 4 })
  })

  it('is not counted while nobody is there', () => {
    const clock = new WorkClock({}, {}, 0)
    clock.enter('overview', 0, on(['a', true]))
    clock.show(false, 1000)
    clock.show(true, 20_000)
    expect(clock.viewed(21_000)).toEqual({ a: { share_at_full: 0, seconds: 2, seconds_at_full: 2 } })
  })

  it('covers more of an image, never less', () => {
    const clock = new WorkClock({}, { a: { share_at_full: 0.5, seconds: 0, seconds_at_full: 0 } }, 0)
    clock.cover('a', 0.25)
    clock.cover('b', 1 / 3)
    expect(clock.viewed(0)).toMatchObject({ a: { share_at_full: 0.5 }, b: { share_at_full: 0.333 } })
  })
})
