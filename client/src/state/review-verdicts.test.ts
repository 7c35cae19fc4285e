import { describe, expect, it } from 'vitest'
import type { Element, Range, ReviewImage, Summary, Value } from '#schema/review.ts'
import type { Entry, ImageSaying, Stand, ValueSaying } from './review-outbox.ts'
import { holdsRejected, imagesLeft, leftOf, rejectedExams, saidOfElements, saidOfImages, verdictOf, waits } from './review-verdicts.ts'

const row = (value: string, more: Partial<Value> = {}): Value => ({
  value,
  n_images: 4,
  verdict: null,
  range: null,
  suspicion: null,
  example_image_id: null,
  ...more,
})
const said = (value: string | null, verdict: 'approve' | 'reject' = 'approve'): ValueSaying => ({
  kind: 'value',
  element: 'KVP',
  value,
  verdict,
  reason: '',
  mark: null,
})
const element = (n_pending: number, n_rejected = 0): Element => ({
  element: 'KVP',
  name: 'KVP',
  group: 'numbers',
  kind: 'numbers',
  n_values: 20,
  n_pending,
  n_rejected,
  n_images: 80,
  suspicious: false,
  mark: 'ab',
})
const range = { n_distinct: 12 } as Range

describe('verdictOf', () => {
  it.each([
    ['27', ['25..34'], 'approve'],
    ['27', ['25..26'], null],
    ['0.07\\0.085', ['0..1'], 'approve'],
    ['0.07\\2', ['0..1'], null],
    ['047Y', ['40..50'], 'approve'],
    ['', ['0..1'], null],
    ['anything', [null], 'approve'],
    ['25..34', ['25..34'], 'approve'],
    ['25..34', ['27'], null],
  ] as const)('of %j after %j is %s', (value, values, wanted) => {
    expect(verdictOf(row(value), values.map((one) => said(one)))).toBe(wanted)
  })

  it('is the last word', () => {
    expect(verdictOf(row('27'), [said(null), said('27', 'reject')])).toBe('reject')
    expect(verdictOf(row('27'), [said('27', 'reject'), said(null)])).toBe('approve')
    expect(verdictOf(row('27', { verdict: 'reject' }))).toBe('reject')
  })
})

describe('leftOf', () => {
  const rows = [row('25..34', { range }), row('1'), row('99')]

  it('counts a range by its numbers', () => {
    expect(leftOf(element(14), rows, [])).toBe(14)
    expect(leftOf(element(14), rows, [said('25..34')])).toBe(2)
    expect(leftOf(element(14), rows, [said('25..34'), said('1'), said('99', 'reject')])).toBe(0)
    expect(leftOf(element(14), undefined, [said(null)])).toBe(0)
  })
})

describe('holdsRejected', () => {
  const rows = [row('25..34', { range }), row('99', { verdict: 'reject' })]

  it('sees numbers within a range that were rejected here or before', () => {
    expect(holdsRejected(element(1, 1), rows)).toBe(false)
    expect(holdsRejected(element(1, 2), rows)).toBe(true)
    expect(holdsRejected(element(1, 1), rows, [said('27', 'reject')])).toBe(true)
    expect(holdsRejected(element(1, 5), [row('a')])).toBe(false)
  })
})

const ofImage = (id: string, list: ImageSaying['list'], verdict: 'approve' | 'reject' = 'approve'): ImageSaying => ({
  kind: 'image',
  list,
  image_id: id,
  study_id: `exam ${id[0]}`,
  verdict,
  reason: null,
  pixels: '',
})
const entry = (saying: Entry['saying'], stand: Stand = 'held'): Entry => ({ saying, stand, batch: 1 })
const image = (id: string) => ({ image_id: id, study_id: `exam ${id[0]}` }) as ReviewImage

describe('images', () => {
  it('are decided about in the list in which they were looked at, and nowhere else', () => {
    const entries = [entry(ofImage('a1', 'second', 'reject')), entry(ofImage('b1', 'pending'))]
    expect([...saidOfImages(entries, 'second').keys()]).toEqual(['a1'])
    expect([...saidOfImages(entries, 'disagreement').keys()]).toEqual([])
  })

  it('of a rejected exam need no look', () => {
    const about = saidOfImages([entry(ofImage('a1', 'pending', 'reject')), entry(ofImage('b1', 'pending'))], 'pending')
    const rejected = rejectedExams(about)
    expect(['a1', 'a2', 'b1', 'b2'].filter((id) => waits(image(id), about, rejected))).toEqual(['b2'])
  })

  it('are left less those that the counts do not hold yet', () => {
    const summary = {
      images: { pending: 10, second_look: 1, disagreement: 0, rejected: 0, approved: 5 },
      regions: 2,
      flags: 0,
    } as Summary
    const entries = [
      entry(ofImage('a1', 'pending')),
      entry(ofImage('a1', 'pending', 'reject')),
      entry(ofImage('a2', 'pending'), 'recorded'),
      entry(ofImage('a3', 'pending'), 'counted'),
      entry(ofImage('a4', 'second')),
      entry(ofImage('a5', 'second')),
      entry({ kind: 'region', region_id: 'r', verdict: 'mask' }),
    ]
    expect(imagesLeft(summary, entries)).toMatchObject({ pending: 8, second: 0, regions: 1, approved: 5 })
  })
})

it('sayings are gathered by element', () => {
  expect(saidOfElements([entry(said('25')), entry(ofImage('a1', 'pending')), entry(said(null))]).get('KVP')).toHaveLength(2)
})
