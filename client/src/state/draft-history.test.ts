import { expect, it } from 'vitest'
import { draftOf, readingOf } from './draft.ts'
import { type History, historyOf, redone, resumed, toBeKept, undone, withChange } from './draft-history.ts'

const EMPTY = draftOf(['R', 'L'], null)
const commented = (history: History, ...texts: string[]) => texts.reduce((before, text) => withChange(before, { do: 'comment', text }), history)
/** As it comes back from where it was kept. */
const kept = (history: History) => structuredClone(toBeKept(history))

it('what was done before a reload is undone, and done again, after it', () => {
  const before = undone(commented(historyOf(EMPTY), 'a', 'b', 'c'))
  const after = resumed(kept(before), draftOf(['R', 'L'], readingOf(before.present)))
  expect(after.present.comment).toBe('b')
  expect(redone(after).present.comment).toBe('c')
  expect(undone(undone(after)).present).toEqual(EMPTY)
})

it('findings are the same ones after a reload, so that what was done to them is undone', () => {
  const marked = withChange(withChange(historyOf(EMPTY), { do: 'mark', imageId: '1', box: [0, 0, 9, 9] }), { do: 'mark', imageId: '1', box: [5, 5, 9, 9] })
  const before = withChange(marked, { do: 'unmark', id: 1 })
  const after = resumed(kept(before), draftOf(['R', 'L'], readingOf(before.present)))
  expect(after.present.marks.map(({ id }) => id)).toEqual([2])
  expect(undone(after).present.marks.map(({ id }) => id)).toEqual([1, 2])
})

it('another draft than that to which it led begins anew', () => {
  const history = kept(commented(historyOf(EMPTY), 'a'))
  expect(resumed(history, EMPTY).past).toEqual([])
  expect(resumed(undefined, EMPTY).past).toEqual([])
  expect(resumed({ ...history, shape: 0 }, history.present).past).toEqual([])
  expect(resumed(history, { ...history.present, decided: { x: 'a' } }).past).toEqual([])
})

it('no more is kept than somebody remembers having done', () => {
  const long = commented(historyOf(EMPTY), ...Array.from({ length: 300 }, (_, n) => `${n}`))
  expect(long.past.length).toBe(300)
  const { past, present } = toBeKept(long)
  expect([past.length, past.at(-1)?.comment, present.comment]).toEqual([100, '298', '299'])
})
