import { describe, expect, it } from 'vitest'
import type { Reading } from '#schema/marking.ts'
import { type Change, changed, draftOf, readingOf, sameReading } from './draft.ts'
import { differencesOf } from './draft-differences.ts'
import { historyOf, redone, undone, withChange } from './draft-history.ts'

const EMPTY = draftOf(['R', 'L'], null)

const CHANGES: Change[] = [
  { do: 'birads', side: 'R', value: 4 },
  { do: 'density', side: 'L', value: 'B' },
  { do: 'mark', imageId: 'RCC', box: [1, 2, 30, 40] },
  { do: 'category', id: 1, name: 'Mass' },
  { do: 'markBirads', id: 1, value: 4 },
  { do: 'mark', imageId: 'LCC', box: [5, 5, 50, 50] },
  { do: 'box', id: 2, box: [6, 6, 60, 60] },
  { do: 'category', id: 2, name: 'Mass' },
  { do: 'category', id: 2, name: 'Skin Thickening' },
  { do: 'category', id: 2, name: 'Mass' },
  { do: 'comment', text: 'dense' },
  { do: 'unmark', id: 1 },
  { do: 'birads', side: 'R', value: null },
]

const READING: Reading = {
  breasts: [
    { laterality: 'L', birads: 1, density: 'B' },
    { laterality: 'R', birads: 4, density: null },
  ],
  findings: [{ image_id: 'RCC', box: [1, 2, 30, 40], categories: ['Mass'], birads: 4 }],
  comment: 'x',
}

describe('a draft', () => {
  it('is read back as it was saved', () => {
    expect(readingOf(draftOf(['R', 'L'], READING))).toEqual(READING)
  })

  it('leaves out breasts that the exam does not show', () => {
    const right = draftOf(['R'], null)
    expect(readingOf(right).breasts.map(({ laterality }) => laterality)).toEqual(['R'])
    expect(changed(right, { do: 'birads', side: 'L', value: 1 })).toBe(right)
  })

  it('stays the same object when nothing changes', () => {
    const draft = CHANGES.slice(0, 5).reduce(changed, EMPTY)
    expect(changed(draft, { do: 'birads', side: 'R', value: 4 })).toBe(draft)
    expect(changed(draft, { do: 'box', id: 1, box: [1, 2, 30, 40] })).toBe(draft)
    expect(changed(draft, { do: 'unmark', id: 9 })).toBe(draft)
    expect(changed(draft, { do: 'comment', text: '' })).toBe(draft)
  })

  it('says the same whatever the order of breasts, and not whatever that of findings', () => {
    expect(sameReading(READING, { ...READING, breasts: READING.breasts.toReversed() })).toBe(true)
    expect(sameReading(READING, { ...READING, comment: 'y' })).toBe(false)
  })
})

describe('history', () => {
  it('undoes everything one by one, and does it again', () => {
    let history = historyOf(EMPTY)
    const steps = [history, ...CHANGES.map((change) => (history = withChange(history, change)))]
    for (const step of steps.toReversed().slice(1)) {
      history = undone(history)
      expect(history.present).toEqual(step.present)
    }
    expect(undone(history)).toBe(history)
    for (const step of steps.slice(1)) {
      history = redone(history)
      expect(history.present).toEqual(step.present)
    }
    expect(redone(history)).toBe(history)
  })

  it('undoes a run of changes at once, and forgets what was undone when something else is done', () => {
    const typed = ['d', 'de', 'den'].reduce((before, text) => withChange(before, { do: 'comment', text }, 'comment'), historyOf(EMPTY))
    const other = withChange(typed, { do: 'birads', side: 'R', value: 1 })
    expect(undone(other).present.comment).toBe('den')
    expect(undone(undone(other)).present.comment).toBe('')
    const after = withChange(undone(other), { do: 'birads', side: 'L', value: 1 })
    expect(redone(after)).toBe(after)
  })
})

it('a nipple that was put elsewhere is undone like any change, and is no part of the answer', () => {
  const put = withChange(historyOf(EMPTY), { do: 'nipple', imageId: 'RCC', point: { x: 3, y: 4 } })
  expect(put.present.nipples).toEqual({ RCC: { x: 3, y: 4 } })
  expect(readingOf(put.present)).toEqual(readingOf(EMPTY))
  expect(undone(put).present.nipples).toEqual({})
})

describe('differences', () => {
  it('are none between the same answers', () => {
    expect(differencesOf(READING, structuredClone(READING))).toEqual([])
  })

  it('name each place once, with what both say', () => {
    const other: Reading = { breasts: [{ laterality: 'R', birads: 5, density: null }], findings: [{ image_id: 'RCC', box: [1, 2, 30, 40], categories: [], birads: null }, { image_id: 'LCC', box: [0, 0, 20, 20], categories: ['Mass'], birads: 3 }], comment: '' }
    expect(differencesOf(READING, other).map(({ about, mine, other: theirs }) => [about, typeof mine, typeof theirs, mine, theirs])).toMatchObject([
      ['birads', 'string', 'string', '4', '5'],
      ['birads', 'string', 'object', '1', null],
      ['density', 'string', 'object', 'B', null],
      ['finding', 'object', 'object', { categories: ['Mass'] }, { categories: [] }],
      ['finding', 'object', 'object', null, { image_id: 'LCC' }],
      ['comment', 'string', 'string', 'x', ''],
    ])
  })
})
