// An answer in the making, and what each thing that a reader does makes of it.

import type { Box, Finding, Reading } from '#schema/marking.ts'
import type { Side } from '#schema/viewing.ts'

export interface Answer {
  readonly birads: number | null
  readonly density: string | null
}

/** A finding with a name of its own, so that it is the same one after others came and went. */
export interface Mark extends Finding {
  readonly id: number
  /** The item of an arbitration that it settles. */
  readonly item?: string
}

/** Whose answer an arbiter took; `own` where they gave another. */
export type Decision = 'a' | 'b' | 'own'

export interface Draft {
  /** Of the breasts that the exam shows. */
  readonly breasts: Readonly<Partial<Record<Side, Answer>>>
  readonly marks: readonly Mark[]
  readonly comment: string
  /** Item of an arbitration to what was decided; never sent. */
  readonly decided: Readonly<Record<string, Decision>>
  /** Image to where its reader has put the nipple, in stored pixels; never sent, it only turns the arcs. */
  readonly nipples: Nipples
}

export type Nipples = Readonly<Record<string, { readonly x: number; readonly y: number }>>

/** In the order in which they hang. */
export const SIDES: readonly Side[] = ['R', 'L']
const UNANSWERED: Answer = { birads: null, density: null }

/** A draft with room for the breasts that are shown, and what was answered before. */
export function draftOf(sides: readonly Side[], reading: Reading | null, decided: Draft['decided'] = {}, nipples: Nipples = {}): Draft {
  const answered = (side: Side) => reading?.breasts.find(({ laterality }) => laterality === side)
  const breasts = SIDES.filter((side) => sides.includes(side)).map((side) => {
    const { birads, density } = answered(side) ?? UNANSWERED
    return [side, { birads, density }] as const
  })
  return { breasts: Object.fromEntries(breasts), marks: (reading?.findings ?? []).map(marked), comment: reading?.comment ?? '', decided, nipples }
}

function marked(finding: Finding, n: number): Mark {
  return { ...finding, id: n + 1 }
}

/** What is sent: breasts in the order of the alphabet, findings in that in which they were marked. */
export function readingOf({ breasts, marks, comment }: Draft): Reading {
  const answers = SIDES.toReversed().flatMap((side) => {
    const answer = breasts[side]
    return answer === undefined ? [] : [{ laterality: side, birads: answer.birads, density: answer.density }]
  })
  const findings = marks.map(({ image_id, box, categories, birads }) => ({ image_id, box, categories: [...categories], birads }))
  return { breasts: answers, findings, comment }
}

/** Whether two answers say the same, whatever the order of breasts. */
export function sameReading(one: Reading, other: Reading): boolean {
  return canonical(one) === canonical(other)
}

function canonical({ breasts, findings, comment }: Reading): string {
  const sorted = breasts.toSorted((a, b) => (a.laterality < b.laterality ? -1 : 1)).map(({ laterality, birads, density }) => [laterality, birads, density])
  return JSON.stringify([sorted, findings.map(({ image_id, box, categories, birads }) => [image_id, [...box], categories, birads]), comment])
}

/** What a reader can do to a draft. */
export type Change =
  | { do: 'birads'; side: Side; value: number | null }
  | { do: 'density'; side: Side; value: string | null }
  | { do: 'mark'; imageId: string; box: Box }
  | { do: 'box'; id: number; box: Box }
  | { do: 'unmark'; id: number }
  | { do: 'category'; id: number; name: string }
  | { do: 'markBirads'; id: number; value: number | null }
  | { do: 'comment'; text: string }
  | { do: 'nipple'; imageId: string; point: Nipples[string] }
  | { do: 'become'; draft: Draft }

/** The draft after a change; the same object where that changes nothing. */
export function changed(draft: Draft, change: Change): Draft {
  switch (change.do) {
    case 'birads':
      return withAnswer(draft, change.side, { birads: change.value })
    case 'density':
      return withAnswer(draft, change.side, { density: change.value })
    case 'mark':
      return { ...draft, marks: [...draft.marks, { id: nextId(draft), image_id: change.imageId, box: change.box, categories: [], birads: null }] }
    case 'box':
      return remarked(draft, change.id, (mark) => ({ ...mark, box: change.box }))
    case 'unmark':
      return unmarked(draft, change.id)
    case 'category':
      return remarked(draft, change.id, (mark) => ({ ...mark, categories: toggled(mark.categories, change.name) }))
    case 'markBirads':
      return remarked(draft, change.id, (mark) => ({ ...mark, birads: change.value }))
    case 'comment':
      return draft.comment === change.text ? draft : { ...draft, comment: change.text }
    case 'nipple':
      return { ...draft, nipples: { ...draft.nipples, [change.imageId]: change.point } }
    case 'become':
      return change.draft
  }
}

/** A name that no mark of the draft has had. */
export function nextId({ marks }: Draft): number {
  return Math.max(0, ...marks.map(({ id }) => id)) + 1
}

function withAnswer(draft: Draft, side: Side, answer: Partial<Answer>): Draft {
  const before = draft.breasts[side]
  if (before === undefined) return draft
  const after = { ...before, ...answer }
  const isSame = after.birads === before.birads && after.density === before.density
  return isSame ? draft : { ...draft, breasts: { ...draft.breasts, [side]: after } }
}

/** A finding that settles an item of an arbitration settles it in the arbiter's own way once it is changed. */
function remarked(draft: Draft, id: number, change: (mark: Mark) => Mark): Draft {
  const before = draft.marks.find((one) => one.id === id)
  if (before === undefined) return draft
  const after = change(before)
  if (JSON.stringify(after) === JSON.stringify(before)) return draft
  return { ...draft, marks: draft.marks.map((one) => (one.id === id ? after : one)), decided: ownOf(draft, before) }
}

function unmarked(draft: Draft, id: number): Draft {
  const gone = draft.marks.find((one) => one.id === id)
  if (gone === undefined) return draft
  return { ...draft, marks: draft.marks.filter((one) => one !== gone), decided: ownOf(draft, gone) }
}

function ownOf({ decided }: Draft, { item }: Mark): Draft['decided'] {
  return item === undefined ? decided : { ...decided, [item]: 'own' }
}

function toggled(names: readonly string[], name: string): string[] {
  return names.includes(name) ? names.filter((one) => one !== name) : [...names, name]
}
