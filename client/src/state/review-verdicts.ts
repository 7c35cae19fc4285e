// What holds of values, images and regions when what was said here, and is perhaps not sent yet, is counted in.

import type { Element, ImageList, RegionVerdict, ReviewImage, Summary, Value, Verdict } from '#schema/review.ts'
import type { Entry, ImageSaying, Saying, ValueSaying } from './review-outbox.ts'

const NUMBER = String.raw`[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})$`)
const ONE = new RegExp(`^(?:(${NUMBER})|(\\d{3})Y)$`)

/** What was said here of each element, oldest first. */
export function saidOfElements(entries: readonly Entry[]): ReadonlyMap<string, readonly ValueSaying[]> {
  const found = new Map<string, ValueSaying[]>()
  for (const { saying } of entries) {
    if (saying.kind !== 'value') continue
    const about = found.get(saying.element)
    if (about === undefined) found.set(saying.element, [saying])
    else about.push(saying)
  }
  return found
}

export function verdictOf(row: Value, said: readonly ValueSaying[] = []): Verdict | null {
  const latest = said.findLast(({ value }) => value === null || value === row.value || isWithin(row.value, value))
  return latest?.verdict ?? row.verdict
}

/** Whether every number of a value lies in a range such as `25..34`; the server judges by the same rule. */
function isWithin(text: string, range: string): boolean {
  const found = RANGE.exec(range)
  if (found === null) return false
  const [low, high] = [Number(found[1]), Number(found[2])]
  return text.split('\\').every((part) => {
    const number = ONE.exec(part)
    if (number === null) return false
    const value = Number(number[1] ?? number[2])
    return low <= value && value <= high
  })
}

/** Whether a value within a range of numbers was rejected by itself, so that approving the range would undo that. */
export function holdsRejected(element: Element, rows: readonly Value[], said: readonly ValueSaying[] = []): boolean {
  if (rows.every((row) => row.range === null)) return false
  const isHere = said.some((one) => one.verdict === 'reject' && one.value !== null && !rows.some((row) => row.value === one.value))
  return isHere || element.n_rejected > rows.filter((row) => row.verdict === 'reject').length
}

/** How many values of an element wait; exact once its rows are known. */
export function leftOf(element: Element, rows: readonly Value[] | undefined, said: readonly ValueSaying[] = []): number {
  if (said.at(-1)?.value === null) return 0
  if (rows === undefined || said.length === 0) return said.some(({ value }) => value === null) ? 0 : element.n_pending
  const waiting = rows.filter((row) => verdictOf(row, said) === null)
  if (waiting.length === 0) return 0
  const decided = rows.filter((row) => row.verdict === null && verdictOf(row, said) !== null)
  return Math.max(1, element.n_pending - decided.reduce((sum, row) => sum + (row.range?.n_distinct ?? 1), 0))
}

/** What was said here of the images of a list. */
export function saidOfImages(entries: readonly Entry[], list: ImageList): ReadonlyMap<string, ImageSaying> {
  const found = new Map<string, ImageSaying>()
  for (const { saying } of entries) {
    if (saying.kind === 'image' && saying.list === list) found.set(saying.image_id, saying)
  }
  return found
}

export function saidOfRegions(entries: readonly Entry[]): ReadonlyMap<string, RegionVerdict> {
  return new Map(entries.flatMap(({ saying }) => (saying.kind === 'region' ? [[saying.region_id, saying.verdict] as const] : [])))
}

/** Exams that a rejection said here leaves out: their other images need no look. */
export function rejectedExams(said: ReadonlyMap<string, ImageSaying>): ReadonlySet<string> {
  return new Set([...said.values()].filter((one) => one.verdict === 'reject').map((one) => one.study_id))
}

/** Whether an image of a list still waits for a verdict. */
export function waits(image: ReviewImage, said: ReadonlyMap<string, ImageSaying>, rejected: ReadonlySet<string>): boolean {
  return !said.has(image.image_id) && !rejected.has(image.study_id)
}

/** How many images of each list wait, without those that were decided here and are not in the server's counts yet. */
export function imagesLeft(summary: Summary, entries: readonly Entry[]): Record<ImageList | 'regions', number> {
  const { images, flags, regions } = summary
  const uncounted = entries.filter((one) => one.stand !== 'counted').map((one) => one.saying)
  const lessThan = (count: number, list: ImageList) => Math.max(0, count - distinct(uncounted, list))
  return {
    pending: lessThan(images.pending, 'pending'),
    second: lessThan(images.second_look, 'second'),
    disagreement: lessThan(images.disagreement, 'disagreement'),
    flagged: lessThan(flags, 'flagged'),
    rejected: images.rejected,
    approved: images.approved,
    regions: Math.max(0, regions - new Set(uncounted.flatMap((one) => (one.kind === 'region' ? [one.region_id] : []))).size),
  }
}

function distinct(sayings: readonly Saying[], list: ImageList): number {
  return new Set(sayings.flatMap((one) => (one.kind === 'image' && one.list === list ? [one.image_id] : []))).size
}
