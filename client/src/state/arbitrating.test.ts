import { describe, expect, it } from 'vitest'
import { image } from '#hanging/exam.fixture.ts'
import type { Finding, Reads } from '#schema/marking.ts'
import { decisionOf, disputed, isDecided, itemsOf, nextUndecided, recognized, taken, withAgreed } from './arbitrating.ts'
import { changed, draftOf, readingOf } from './draft.ts'

const IMAGES = [image('R', 'CC'), image('L', 'CC')]
const mass = (box: Finding['box'], birads: number, more: Partial<Finding> = {}): Finding => ({ image_id: 'RCC', box, categories: ['Mass'], birads, ...more })
const READS: Reads = {
  a: { breasts: [{ laterality: 'L', birads: 1, density: 'B' }, { laterality: 'R', birads: 4, density: 'B' }], findings: [mass([0, 0, 20, 20], 4), mass([60, 60, 90, 90], 3)], comment: '' },
  b: { breasts: [{ laterality: 'L', birads: 1, density: 'C' }, { laterality: 'R', birads: 2, density: 'B' }], findings: [mass([1, 1, 21, 21], 4)], comment: '' },
  pairs: [
    { a_index: 0, b_index: 0, image_id: 'RCC' },
    { a_index: 1, b_index: null, image_id: 'RCC' },
  ],
  disagreements: [
    { kind: 'density', laterality: 'L', image_id: null, a: 'DENSITY B', b: 'DENSITY C', opens_arbitration: false },
    { kind: 'recall', laterality: 'R', image_id: null, a: 'recall', b: 'no recall', opens_arbitration: true },
    { kind: 'birads', laterality: 'R', image_id: null, a: 'BI-RADS 4', b: 'BI-RADS 2', opens_arbitration: false },
    { kind: 'unmatched_finding', laterality: 'R', image_id: 'RCC', a: 'Mass (BI-RADS 3)', b: 'not marked', opens_arbitration: true },
  ],
}
const ITEMS = itemsOf(READS, IMAGES)
const EMPTY = draftOf(['R', 'L'], null)
const item = (key: string) => {
  const found = ITEMS.find((one) => one.key === key)
  if (found === undefined) throw new Error(key)
  return found
}

describe('what an arbiter decides', () => {
  it('is every answer for each breast and every finding, with the differences named', () => {
    expect(ITEMS.map(({ key, kinds }) => [key, ...kinds])).toEqual([
      ['birads:R', 'birads', 'recall'],
      ['density:R'],
      ['finding:0'],
      ['finding:1', 'unmatched_finding'],
      ['birads:L'],
      ['density:L', 'density'],
    ])
  })

  it('says which differences call for an arbiter, and which do not', () => {
    expect(ITEMS.filter(({ opens }) => opens).map(({ key }) => key)).toEqual(['birads:R', 'finding:1'])
    const none = itemsOf({ ...READS, disagreements: [] }, IMAGES)
    expect(none.filter(({ opens }) => opens)).toEqual([])
  })

  it('is not decided beforehand, neither what differs nor what does not', () => {
    for (const one of ITEMS) expect(isDecided(one, EMPTY)).toBe(false)
    expect(readingOf(EMPTY).findings).toEqual([])
  })

  it('is walked round from one open difference to the next, and ends', () => {
    const differing = disputed(ITEMS)
    const seen: string[] = []
    let [draft, at]: [typeof EMPTY, string | null] = [EMPTY, null]
    for (let next = nextUndecided(differing, draft, at); next !== null; next = nextUndecided(differing, draft, at)) {
      seen.push(next.key)
      draft = taken(draft, next, 'a')
      at = next.key
    }
    expect(seen).toEqual(['birads:R', 'finding:1', 'density:L'])
  })
})

describe('taking what one of both says', () => {
  it('puts it into the draft, and the other in its place when that is taken then', () => {
    const a = taken(EMPTY, item('finding:0'), 'a')
    expect(a.marks.map(({ box }) => box)).toEqual([[0, 0, 20, 20]])
    const b = taken(a, item('finding:0'), 'b')
    expect([b.marks.map(({ box, id }) => [box, id]), decisionOf(item('finding:0'), b)]).toEqual([[[[1, 1, 21, 21], 1]], 'b'])
  })

  it('can mean that there is no finding', () => {
    const a = taken(EMPTY, item('finding:1'), 'a')
    const b = taken(a, item('finding:1'), 'b')
    expect([b.marks, isDecided(item('finding:1'), b)]).toEqual([[], true])
  })

  it('is the arbiter’s own answer once it is changed', () => {
    const draft = taken(EMPTY, item('finding:0'), 'a')
    expect(decisionOf(item('finding:0'), changed(draft, { do: 'markBirads', id: 1, value: 5 }))).toBe('own')
    expect(decisionOf(item('finding:0'), changed(draft, { do: 'unmark', id: 1 }))).toBe('own')
    const breast = taken(EMPTY, item('birads:R'), 'b')
    expect(decisionOf(item('birads:R'), breast)).toBe('b')
    expect(decisionOf(item('birads:R'), changed(breast, { do: 'birads', side: 'R', value: 3 }))).toBe('own')
  })

  it('takes what both say alike, and no difference', () => {
    const draft = withAgreed(EMPTY, ITEMS)
    expect(ITEMS.filter((one) => isDecided(one, draft)).map(({ key }) => key)).toEqual(['density:R', 'finding:0', 'birads:L'])
  })
})

describe('after a record or the server', () => {
  it('findings have their items again, and what was decided stays decided', () => {
    const draft = [taken(EMPTY, item('finding:0'), 'b')].map((one) => taken(one, item('finding:1'), 'b'))[0] ?? EMPTY
    const back = recognized(draftOf(['R', 'L'], readingOf(draft), draft.decided), ITEMS)
    expect([back.marks.map((mark) => mark.item), back.decided]).toEqual([['finding:0'], { 'finding:0': 'b', 'finding:1': 'b' }])
  })

  it('what is told by the boxes alone is found, and the rest is open', () => {
    const draft = taken(EMPTY, item('finding:0'), 'a')
    const back = recognized(draftOf(['R', 'L'], readingOf(draft)), ITEMS)
    expect(back.decided).toEqual({ 'finding:0': 'a' })
  })
})
