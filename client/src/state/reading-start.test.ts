import { describe, expect, it } from 'vitest'
import type { DraftSaid, Reading } from '#schema/marking.ts'
import type { Kept } from './queue.ts'
import { WorkClock } from './reading-clock.ts'
import { startOf } from './reading-start.ts'

const reading = (comment: string): Reading => ({ breasts: [], findings: [], comment })
const said = (version: number, comment: string): DraftSaid => ({ version, reading: reading(comment), seconds: { overview: 5 }, stage: 'pair_cc', saved_at: null })
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

  it('the server’s newer version where nothing unsaved is here, or both say the same', () => {
    expect(startOf(said(3, 'there'), kept(2, 'here', false))).toMatchObject({ reading: { comment: 'there' }, version: 3, isUnsaved: false, decided: {} })
    expect(startOf(said(3, 'same'), kept(2, 'same', true))).toMatchObject({ version: 3, isUnsaved: false, decided: { x: 'a' }, view: 'view', conflict: null })
  })

  it('both, where both were changed', () => {
    expect(startOf(said(3, 'there'), kept(2, 'here', true))).toMatchObject({ reading: { comment: 'here' }, conflict: { version: 3, reading: { comment: 'there' } } })
  })

  it('what is here, where the server cannot be asked, and over an older one that came back from a backup', () => {
    expect(startOf(null, kept(2, 'here', true))).toMatchObject({ reading: { comment: 'here' }, version: 2 })
    expect(startOf(said(1, 'old'), kept(2, 'here', true))).toMatchObject({ reading: { comment: 'here' }, version: 1, conflict: null })
    expect(startOf(null, null)).toMatchObject({ reading: null, version: 0 })
  })
})

describe('the seconds of work', () => {
  it('are counted by stage, onto those of before', () => {
    const clock = new WorkClock({ overview: 10 }, 0)
    clock.enter('overview', 1000)
    clock.enter('pair_cc', 4000)
    expect(clock.seconds(6500)).toEqual({ overview: 13, pair_cc: 2.5 })
  })

  it('stop while the page is not seen, and a minute after the last sign of somebody', () => {
    const clock = new WorkClock({}, 0)
    clock.enter('overview', 0)
    clock.show(false, 10_000)
    clock.show(true, 500_000)
    expect(clock.seconds(510_000)).toEqual({ overview: 20 })
    expect(clock.seconds(900_000)).toEqual({ overview: 70 })
    clock.sign(900_000)
    expect(clock.seconds(930_000)).toEqual({ overview: 100 })
  })

  it('never go back', () => {
    const clock = new WorkClock({}, 0)
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
