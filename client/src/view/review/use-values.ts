import { useCallback, useMemo, useState } from 'react'
import type { Element, Value, Verdict } from '#schema/review.ts'
import { useKnownValues, useValues, useValuesAhead } from '#state/review.ts'
import type { Saying, Sender, ValueSaying } from '#state/review-outbox.ts'
import { useOutbox } from '#state/review-saying.ts'
import { leftOf, saidOfElements, verdictOf } from '#state/review-verdicts.ts'
import type { ElementRow } from './element-list.tsx'
import type { ValueRow } from './value-list.tsx'

const AHEAD = 3
export type Pane = 'elements' | 'values'

/** Where a reviewer is among the values, and what holds of each. */
export function useValuesPlace(elements: readonly Element[], sender: Sender) {
  const outbox = useOutbox(sender)
  const said = useMemo(() => saidOfElements(outbox.entries), [outbox.entries])
  const [filter, setFilter] = useState('')
  const [name, setName] = useState(() => elements.find((one) => one.n_pending > 0)?.element)
  const [pane, setPane] = useState<Pane>('values')
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set())

  const listed = useMemo(() => elements.filter((one) => isFound(one, filter)), [elements, filter])
  const element = listed.find((one) => one.element === name) ?? listed[0] ?? elements[0]
  if (element === undefined) throw new Error('there is no element to look at')
  const isWhole = whole.has(element.element)
  const query = useValues(element, isWhole)
  const known = useKnownValues()
  const left = (one: Element) => leftOf(one, known(one), said.get(one.element))
  const rows = listed.map((one): ElementRow => ({ element: one, left: left(one) }))
  const here = listed.indexOf(element)
  useValuesAhead(listed.slice(here + 1, here + 1 + AHEAD))

  const about = said.get(element.element)
  const values = query.data?.map((row): ValueRow => ({ row, verdict: verdictOf(row, about), fault: faultOf(row, element, outbox.faults) }))
  const [at, setAt] = usePlace(element.element, isWhole, values)
  const toggleWhole = () => setWhole(toggled(whole, element.element))
  return {
    outbox, said, filter, setFilter, element, setName, pane, setPane, isWhole, toggleWhole, query, rows, values, at, setAt,
    left: elements.reduce((sum, one) => sum + left(one), 0),
    total: elements.reduce((sum, one) => sum + one.n_values, 0),
  }
}

export type ValuesPlace = ReturnType<typeof useValuesPlace>

function isFound({ element, name }: Element, filter: string): boolean {
  const wanted = filter.trim().toLowerCase()
  return element.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted)
}

function faultOf(row: Value, { element }: Element, faults: ReadonlyMap<string, string>): string | undefined {
  return faults.get(`${element}=${row.value}`)
}

function toggled(set: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(one)) next.add(one)
  return next
}

/** The current row of an element: until one is chosen the first that waits. */
function usePlace(element: string, isWhole: boolean, values: readonly ValueRow[] = []) {
  const key = `${element} ${isWhole}`
  const [chosen, setChosen] = useState<{ key: string; at: number } | null>(null)
  const first = values.findIndex((one) => one.verdict === null)
  const at = chosen?.key === key ? chosen.at : Math.max(0, first)
  const setAt = useCallback((place: number) => setChosen({ key, at: place }), [key])
  return [Math.min(at, Math.max(0, values.length - 1)), setAt] as const
}

/** Which rows of the current element have been on the screen. */
export function useSeenRows(element: Element, isWhole: boolean) {
  const key = `${element.element} ${element.mark} ${isWhole}`
  const [seen, setSeen] = useState<{ key: string; values: ReadonlySet<string> }>({ key, values: new Set() })
  const onSeen = useCallback(
    (value: string) => setSeen((now) => ({ key, values: new Set(now.key === key ? now.values : []).add(value) })),
    [key],
  )
  return [seen.key === key ? seen.values : NONE, onSeen] as const
}

const NONE: ReadonlySet<string> = new Set()

export function ofValue(element: Element, row: Value, verdict: Verdict, reason = ''): ValueSaying {
  return { kind: 'value', element: element.element, value: row.value, verdict, reason, mark: null }
}

export function ofElement(element: Element, verdict: Verdict, reason = ''): ValueSaying {
  return { kind: 'value', element: element.element, value: null, verdict, reason, mark: element.mark }
}

/**
 * Approve what waits of an element: all of it under the mark that it was shown with, or, where a value of it is
 * rejected, the others one by one, so that the rejection stays.
 */
export function approvalOf(element: Element, values: readonly ValueRow[]): Saying[] {
  if (values.every((one) => one.verdict !== 'reject')) return [ofElement(element, 'approve')]
  return values.filter((one) => one.verdict === null).map(({ row }) => ofValue(element, row, 'approve'))
}
