// Two readings side by side: what an arbiter decides one by one. Nothing is decided beforehand.

import type { Disagreement, Finding, Reads } from '#schema/marking.ts'
import type { ExamImage, Side } from '#schema/viewing.ts'
import { type Decision, type Draft, type Mark, nextId, SIDES } from './draft.ts'

export interface FieldItem {
  readonly key: string
  readonly about: 'birads' | 'density'
  readonly side: Side
  readonly a: string | null
  readonly b: string | null
  readonly kinds: readonly Disagreement['kind'][]
  readonly opens: boolean
}

export interface FindingItem {
  readonly key: string
  readonly about: 'finding'
  readonly side: Side
  readonly imageId: string
  readonly a: Finding | null
  readonly b: Finding | null
  readonly kinds: readonly Disagreement['kind'][]
  readonly opens: boolean
}

/**
 * Something that both were asked, or that one of them marked; `kinds` say in what they differ, none where they agree.
 * `opens`: the project calls for an arbiter because of it; else the two differ and nobody would have been called.
 */
export type Item = FieldItem | FindingItem

export function itemsOf({ a, b, pairs, disagreements }: Reads, images: readonly ExamImage[]): readonly Item[] {
  const opening = new Set(disagreements.filter(({ opens_arbitration: opens }) => opens).map(({ kind }) => kind))
  const withOpening = <One extends Item>(item: One): One => ({ ...item, opens: item.kinds.some((kind) => opening.has(kind)) })
  const shown = SIDES.filter((side) => images.some(({ laterality }) => laterality === side))
  return shown.flatMap((side) => {
    const [one, other] = [a, b].map(({ breasts }) => breasts.find(({ laterality }) => laterality === side))
    const isRecall = disagreements.some(({ kind, laterality }) => kind === 'recall' && laterality === side)
    const fields: Item[] = [fieldItem('birads', side, one?.birads, other?.birads, isRecall), fieldItem('density', side, one?.density, other?.density)]
    return fields.concat(findingItems({ a, b, pairs }, images, side)).map(withOpening)
  })
}

function findingItems({ a, b, pairs }: Pick<Reads, 'a' | 'b' | 'pairs'>, images: readonly ExamImage[], side: Side): FindingItem[] {
  return pairs.flatMap(({ a_index: m, b_index: n, image_id: imageId }, index): FindingItem[] => {
    if (images.find(({ image_id: id }) => id === imageId)?.laterality !== side) return []
    const [first, second] = [m === null ? null : (a.findings[m] ?? null), n === null ? null : (b.findings[n] ?? null)]
    return [{ key: `finding:${index}`, about: 'finding', side, imageId, a: first, b: second, kinds: findingKinds(first, second), opens: false }]
  })
}

/** @param isRecall Whether one of the two would call the patient back and the other would not, as the server sees it. */
function fieldItem(about: 'birads' | 'density', side: Side, one: string | number | null | undefined, other: string | number | null | undefined, isRecall = false): FieldItem {
  const [a, b] = [one ?? null, other ?? null].map((value) => (value === null ? null : String(value))) as [string | null, string | null]
  return { key: `${about}:${side}`, about, side, a, b, kinds: a === b ? [] : isRecall ? [about, 'recall'] : [about], opens: false }
}

function named({ categories }: Finding): string {
  return categories.toSorted().join('\n')
}

function findingKinds(a: Finding | null, b: Finding | null): Disagreement['kind'][] {
  if (a === null || b === null) return ['unmatched_finding']
  return [...(named(a) === named(b) ? [] : (['category'] as const)), ...(a.birads === b.birads ? [] : (['finding_birads'] as const))]
}

/** Those that the two differ in. */
export function disputed(items: readonly Item[]): readonly Item[] {
  return items.filter(({ kinds }) => kinds.length > 0)
}

export function isDecided(item: Item, draft: Draft): boolean {
  return item.about === 'finding' ? draft.decided[item.key] !== undefined : (draft.breasts[item.side]?.[item.about] ?? null) !== null
}

/** Whose answer stands in the draft, where it is one of the two. */
export function decisionOf(item: Item, draft: Draft): Decision | null {
  if (!isDecided(item, draft)) return null
  if (item.about === 'finding') return draft.decided[item.key] ?? null
  const value = String(draft.breasts[item.side]?.[item.about])
  if (draft.decided[item.key] === 'b' && value === item.b) return 'b'
  return value === item.a ? 'a' : value === item.b ? 'b' : 'own'
}

/** The draft with what A or B says of an item, whatever was decided of it before. */
export function taken(draft: Draft, item: Item, from: 'a' | 'b'): Draft {
  const decided = { ...draft.decided, [item.key]: from }
  if (item.about !== 'finding') {
    const before = draft.breasts[item.side]
    const said = item[from]
    if (before === undefined) return draft
    const value = item.about === 'birads' && said !== null ? Number(said) : said
    return { ...draft, breasts: { ...draft.breasts, [item.side]: { ...before, [item.about]: value } }, decided }
  }
  const place = draft.marks.findIndex((mark) => mark.item === item.key)
  const others = draft.marks.filter((mark) => mark.item !== item.key)
  const finding = item[from]
  if (finding === null) return { ...draft, marks: others, decided }
  const id = draft.marks[place]?.id ?? nextId(draft)
  const marks = others.toSpliced(place === -1 ? others.length : place, 0, { ...finding, id, item: item.key })
  return { ...draft, marks, decided }
}

/** The draft with everything that A and B say alike and that is not decided yet; of two rectangles the first. */
export function withAgreed(draft: Draft, items: readonly Item[]): Draft {
  return items.filter((item) => item.kinds.length === 0 && !isDecided(item, draft)).reduce((before, item) => taken(before, item, 'a'), draft)
}

/** The next item to be decided behind one, going round; null when all are. */
export function nextUndecided(items: readonly Item[], draft: Draft, after: string | null): Item | null {
  const from = items.findIndex(({ key }) => key === after) + 1
  return [...items.slice(from), ...items.slice(0, from)].find((item) => !isDecided(item, draft)) ?? null
}

/** A draft whose findings have lost their items on the way: found again where one is as A's or B's. */
export function recognized(draft: Draft, items: readonly Item[]): Draft {
  const decided: Record<string, Decision> = { ...draft.decided }
  const settled = new Map<number, string>()
  for (const item of items) {
    if (item.about !== 'finding' || decided[item.key] === 'own') continue
    const free = draft.marks.filter(({ id }) => !settled.has(id))
    const [a, b] = [markLike(free, item.a), markLike(free, item.b)]
    const from = decided[item.key] ?? (a === undefined ? 'b' : 'a')
    const mark = from === 'a' ? a : b
    if (mark === undefined) continue
    settled.set(mark.id, item.key)
    decided[item.key] = from
  }
  if (settled.size === 0) return draft
  const marks = draft.marks.map((mark) => withItem(mark, settled.get(mark.id)))
  return { ...draft, marks, decided }
}

function markLike(marks: readonly Mark[], finding: Finding | null): Mark | undefined {
  return marks.find(({ image_id: id, box }) => finding !== null && id === finding.image_id && String(box) === String(finding.box))
}

function withItem(mark: Mark, item: string | undefined): Mark {
  return item === undefined ? mark : { ...mark, item }
}
