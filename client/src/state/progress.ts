import type { Agreement, BreastField, Estimate, FindingAgreement, Pair, PersonalProgress, Progress } from '#schema/administering.ts'

export const BREAST_FIELDS: readonly BreastField[] = ['density', 'birads', 'recall']
/** What pairs of readers are compared in. */
export type Field = BreastField | 'findings'
export const FIELDS: readonly Field[] = [...BREAST_FIELDS, 'findings']

/** Exams by state, from what is done to what has not begun; `settled` have a final answer. */
export interface StateCount {
  state: keyof NonNullable<Progress['states']>
  count: number
}

const ORDER: readonly StateCount['state'][] = [
  'final',
  'concordant',
  'awaiting_arbitration',
  'awaiting_reads',
  'held',
  'unassigned',
  'excluded',
]
const SETTLED = new Set<StateCount['state']>(['final', 'concordant'])

export function statesInOrder(states: NonNullable<Progress['states']>): StateCount[] {
  return ORDER.flatMap((state) => (states[state] ? [{ state, count: states[state] }] : []))
}

export function sumOf(counts: readonly StateCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0)
}

export function settledOf(counts: readonly StateCount[]): number {
  return sumOf(counts.filter(({ state }) => SETTLED.has(state)))
}

/** The rows of all together, counts only: people work at the same time, so their times do not add up. */
export function togetherOf(rows: readonly PersonalProgress[]): Pick<PersonalProgress, 'assigned' | 'in_progress' | 'submitted'> {
  const sum = (name: 'assigned' | 'in_progress' | 'submitted') => rows.reduce((all, row) => all + row[name], 0)
  return { assigned: sum('assigned'), in_progress: sum('in_progress'), submitted: sum('submitted') }
}

const ROLE_ORDER = ['reader', 'arbiter', 'senior']

/** First the readers, then arbiters and seniors, each by name. */
export function peopleInOrder(rows: readonly PersonalProgress[]): PersonalProgress[] {
  return rows.toSorted((one, other) => ROLE_ORDER.indexOf(one.role) - ROLE_ORDER.indexOf(other.role) || one.name.localeCompare(other.name))
}

/** What a pair is compared by in a field: the weighted kappa where there is one, else the plain one; F1 of findings. */
export function estimateOf(pair: Pair, field: Field): Estimate {
  if (field === 'findings') return findingEstimate(pair.findings)
  const found = pair.fields[field]
  if (found === undefined) return { n: 0, value: null, low: null, high: null, note: '' }
  const { n, low, high, note } = found
  return { n, value: found.weighted_kappa ?? found.kappa, low, high, note }
}

export function findingEstimate({ n, f1, low, high, note }: FindingAgreement): Estimate {
  return { n, value: f1, low, high, note }
}

/** Pairs with their estimates, the lowest first; those without a value last. */
export function rankedPairs(pairs: readonly Pair[], field: Field): { pair: Pair; estimate: Estimate }[] {
  return pairs
    .map((pair) => ({ pair, estimate: estimateOf(pair, field) }))
    .toSorted((one, other) => rankOf(one.estimate) - rankOf(other.estimate))
}

/** Above every statistic where there is none. */
const NONE = 2

function rankOf({ value }: Estimate): number {
  return value ?? NONE
}

/** Everybody in the pairs, by name. */
export function namesIn(pairs: readonly Pair[]): string[] {
  return [...new Set(pairs.flatMap(({ first, second }) => [first, second]))].toSorted((one, other) => one.localeCompare(other))
}

export function alphaOf(agreement: Agreement, field: BreastField): Estimate {
  const found = agreement.alpha[field]
  if (found === undefined) return { n: 0, value: null, low: null, high: null, note: '' }
  const { n, alpha, low, high, note } = found
  return { n, value: alpha, low, high, note }
}

/** Everything that an axis has to reach. */
export function edgesOf(estimates: readonly Estimate[]): (number | null)[] {
  return estimates.flatMap(({ value, low, high }) => [value, low, high])
}
