// What is answered when: the order of the form, what is missing first, and where the keys go on.

import type { Violation } from '#schema/marking.ts'
import type { Side } from '#schema/viewing.ts'
import { type Draft, SIDES } from './draft.ts'

/** What keys answer: a breast or a finding. */
export type Place = { readonly kind: 'breast'; readonly side: Side } | { readonly kind: 'mark'; readonly id: number }

export type Field = 'birads' | 'density' | 'categories' | 'box'

export function samePlace(one: Place, other: Place): boolean {
  return one.kind === 'breast' ? other.kind === 'breast' && one.side === other.side : other.kind === 'mark' && one.id === other.id
}

export function placesOf({ breasts, marks }: Draft): readonly Place[] {
  const shown = SIDES.filter((side) => breasts[side] !== undefined).map((side): Place => ({ kind: 'breast', side }))
  return [...shown, ...marks.map(({ id }): Place => ({ kind: 'mark', id }))]
}

/** The place that was meant, or where one begins once it is gone. */
export function placeIn(draft: Draft, place: Place): Place {
  const places = placesOf(draft)
  return places.find((one) => samePlace(one, place)) ?? places[0] ?? place
}

/** The finding so many further, from a breast the first or the last; the same place when there is none. */
export function markBeside({ marks }: Draft, place: Place, by: number): Place {
  const at = place.kind === 'mark' ? marks.findIndex(({ id }) => id === place.id) : by > 0 ? -1 : marks.length
  const mark = marks[(at + by + marks.length) % Math.max(1, marks.length)]
  return mark === undefined ? place : { kind: 'mark', id: mark.id }
}

/** Behind an answer by key: the other breast once this one is answered, while that one is not. */
export function afterAnswer({ breasts }: Draft, place: Place): Place {
  if (place.kind !== 'breast' || !isAnswered(breasts[place.side])) return place
  const open = SIDES.find((side) => breasts[side] !== undefined && !isAnswered(breasts[side]))
  return open === undefined ? place : { kind: 'breast', side: open }
}

function isAnswered(answer: Draft['breasts'][Side]): boolean {
  return answer !== undefined && answer.birads !== null && answer.density !== null
}

/** What an answer's rule is about, by its code; boxes by default. */
const FIELDS: Readonly<Record<string, Field>> = {
  birads_missing: 'birads',
  birads_not_allowed: 'birads',
  density_missing: 'density',
  density_not_allowed: 'density',
  category_missing: 'categories',
  category_unknown: 'categories',
  category_repeated: 'categories',
  finding_birads_missing: 'birads',
  finding_birads_not_allowed: 'birads',
  finding_birads_above_breast: 'birads',
  finding_on_negative: 'birads',
  feature_on_benign: 'birads',
  no_finding_marked: 'birads',
}

export function fieldOf({ code }: Violation): Field {
  return FIELDS[code] ?? 'box'
}

/** The place of the form that a violation is about. */
export function placeOf(draft: Draft, { laterality, finding_index: index }: Violation): Place | null {
  const mark = index === null ? undefined : draft.marks[index]
  if (mark !== undefined) return { kind: 'mark', id: mark.id }
  return laterality === null ? null : { kind: 'breast', side: laterality }
}

/** The first of them in the order of the form. */
export function firstOf(draft: Draft, violations: readonly Violation[]): Violation | null {
  const places = placesOf(draft)
  const rank = (one: Violation) => {
    const place = placeOf(draft, one)
    const found = place === null ? -1 : places.findIndex((other) => samePlace(other, place))
    return (found === -1 ? places.length : found) * 4 + ['birads', 'density', 'categories', 'box'].indexOf(fieldOf(one))
  }
  return violations.toSorted((one, other) => rank(one) - rank(other))[0] ?? null
}

/** Confirmations that still hold after findings came or went: those that name no finding by its number. */
export function stillConfirmed(confirmed: ReadonlySet<string>, before: Draft, after: Draft): ReadonlySet<string> {
  const isSame = before.marks.length === after.marks.length && before.marks.every(({ id }, n) => id === after.marks[n]?.id)
  return isSame ? confirmed : new Set([...confirmed].filter((key) => !/:\d+$/.test(key)))
}
