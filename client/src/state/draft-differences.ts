// Where two versions of an answer differ.

import type { Finding, Reading } from '#schema/marking.ts'
import type { Side } from '#schema/viewing.ts'
import { SIDES } from './draft.ts'

/** What one version says at a place and what the other; null: nothing. */
export type Difference =
  | { readonly about: 'birads' | 'density'; readonly side: Side; readonly mine: string | null; readonly other: string | null }
  | { readonly about: 'finding'; readonly imageId: string; readonly mine: Finding | null; readonly other: Finding | null }
  | { readonly about: 'comment'; readonly mine: string; readonly other: string }

export function differencesOf(mine: Reading, other: Reading): readonly Difference[] {
  const comments = mine.comment === other.comment ? [] : [{ about: 'comment' as const, mine: mine.comment, other: other.comment }]
  return [...ofBreasts(mine, other), ...ofFindings(mine.findings, other.findings), ...comments]
}

function ofBreasts(mine: Reading, other: Reading): Difference[] {
  return SIDES.flatMap((side) =>
    (['birads', 'density'] as const).flatMap((about) => {
      const [one, two] = [mine, other].map(({ breasts }) => text(breasts.find(({ laterality }) => laterality === side)?.[about])) as [string | null, string | null]
      return one === two ? [] : [{ about, side, mine: one, other: two }]
    }),
  )
}

function text(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

/** Findings with the same rectangle are versions of one; what is left over on an image is paired in its order. */
function ofFindings(mine: readonly Finding[], other: readonly Finding[]): Difference[] {
  const left = mine.filter((one) => !other.some((two) => asText(one) === asText(two)))
  let right = other.filter((two) => !mine.some((one) => asText(one) === asText(two)))
  const found = left.map((one): Difference => {
    const here = right.filter((two) => two.image_id === one.image_id)
    const partner = here.find((two) => String(two.box) === String(one.box)) ?? here[0] ?? null
    right = right.filter((two) => two !== partner)
    return { about: 'finding', imageId: one.image_id, mine: one, other: partner }
  })
  return [...found, ...right.map((two): Difference => ({ about: 'finding', imageId: two.image_id, mine: null, other: two }))]
}

function asText({ image_id, box, categories, birads }: Finding): string {
  return JSON.stringify([image_id, [...box], categories.toSorted(), birads])
}
