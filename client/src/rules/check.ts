// What is wrong with a reading, by the table of rules that the server hands out; the server asks the same again.

import type { Labels, Reading, Rule, RuledImage, Violation } from '#schema/marking.ts'
import { holds, type Value } from './conditions.ts'
import { type Place, placesOf } from './places.ts'

export interface Judged {
  readonly studyId: string
  readonly images: readonly RuledImage[]
  readonly labels: Labels
}

/**
 * What is wrong with a reading, and what its reader has still to confirm, in the order of the rules.
 *
 * @param confirmed Keys of violations, or codes for every place. Errors cannot be confirmed.
 */
export function check(reading: Reading, { studyId, images, labels }: Judged, confirmed: ReadonlySet<string> = new Set()): readonly Violation[] {
  const byId = new Map(images.map((image) => [image.image_id, image]))
  const places = placesOf({ studyId, reading, images: byId, labels })
  return labels.rules
    .flatMap((rule) => places[rule.scope].filter(({ values }) => holds(rule.when, values)).map((place) => violationOf(rule, place)))
    .filter(({ level, code, key }) => level === 'error' || !(confirmed.has(code) || confirmed.has(key)))
}

const SIDES = { L: 'left breast', R: 'right breast' }

function violationOf({ code, level, message }: Rule, place: Place): Violation {
  const { laterality, findingIndex } = place
  const where = [...(laterality === null ? [] : [SIDES[laterality]]), ...(findingIndex === null ? [] : [`finding ${findingIndex + 1}`])]
  const key = [code, laterality, findingIndex].filter((part) => part !== null).join(':')
  return { code, key, level, message: `${where.join(', ')}: ${filled(message, place)}`, laterality, finding_index: findingIndex }
}

/** A rule's text with the values of a place in it. */
export function filled(text: string, { values }: Place): string {
  return text.replaceAll(/\{([a-z_.]+)\}/g, (_, name: string) => shown(values[name] ?? null))
}

function shown(value: Value): string {
  if (Array.isArray(value)) return value.map(String).join(', ')
  return value === null ? 'None' : String(value)
}
