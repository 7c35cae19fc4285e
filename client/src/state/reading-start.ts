// With what an exam is opened: what the server has, and what this browser has kept.

import type { DraftSaid, Reading, Seconds, Viewed } from '#schema/marking.ts'
import { type Decision, type Nipples, sameReading } from './draft.ts'
import type { Conflict } from './draft-keeper.ts'
import type { KeptHistory } from './draft-history.ts'
import type { Kept } from './queue.ts'
import { NOT_VIEWED } from './reading-clock.ts'

export interface Start {
  readonly reading: Reading | null
  readonly decided: Readonly<Record<string, Decision>>
  readonly nipples: Nipples
  readonly version: number
  readonly isUnsaved: boolean
  readonly seconds: Seconds
  readonly viewed: Viewed
  readonly stage: string | null
  readonly confirmed: readonly string[]
  readonly view: unknown
  readonly history?: KeptHistory
  /** How it waits to be sent, until something is changed. */
  readonly waits?: Waits
  /** The server's version, where both were changed. */
  readonly conflict: Conflict | null
}

export type Waits = { readonly state: 'submission' } | { readonly state: 'amended'; readonly reason: string }

/** @param said What the server has; null where it could not be asked. */
export function startOf(said: DraftSaid | null, kept: Kept | null): Start {
  if (kept === null) return fromServer(said)
  const viewed = mostOf(kept.viewed ?? {}, said?.viewed ?? {})
  const nipples = kept.nipples ?? {}
  const mine: Start = { ...kept, nipples, seconds: longest(kept.seconds, said?.seconds ?? {}), viewed, conflict: null, ...waitsOf(kept) }
  if (said === null || said.version === kept.version) return mine
  const view = { decided: kept.decided, nipples, confirmed: kept.confirmed, view: kept.view, ...historyOf(kept), ...waitsOf(kept) }
  const isSame = said.reading !== null && sameReading(said.reading, kept.reading)
  if (isSame || !kept.isUnsaved) return { ...fromServer(said), ...(isSame ? view : { nipples, view: kept.view }) }
  if (said.version < kept.version) return { ...mine, version: said.version }
  return { ...mine, conflict: { version: said.version, reading: said.reading, seconds: said.seconds, saved_at: said.saved_at } }
}

function historyOf({ history }: Kept): { history?: KeptHistory } {
  return history === undefined ? {} : { history }
}

function waitsOf({ state, reason }: Kept): { waits?: Waits } {
  if (state === 'submission') return { waits: { state } }
  return state === 'amended' && reason !== undefined ? { waits: { state, reason } } : {}
}

function fromServer(said: DraftSaid | null): Start {
  const { reading, version, seconds, viewed, stage } = said ?? { reading: null, version: 0, seconds: {}, viewed: {}, stage: null }
  return { reading, decided: {}, nipples: {}, version, isUnsaved: false, seconds, viewed, stage, confirmed: [], view: null, conflict: null }
}

/** Of each step the larger: both count from the same beginning. */
function longest(one: Seconds, other: Seconds): Seconds {
  const steps = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  return Object.fromEntries(steps.map((step) => [step, Math.max(one[step] ?? 0, other[step] ?? 0)]))
}

function mostOf(one: Viewed, other: Viewed): Viewed {
  const ids = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  return Object.fromEntries(
    ids.map((id) => {
      const [a, b] = [one[id] ?? NOT_VIEWED, other[id] ?? NOT_VIEWED]
      const larger = (key: keyof typeof NOT_VIEWED) => Math.max(a[key], b[key])
      return [id, { share_at_full: larger('share_at_full'), seconds: larger('seconds'), seconds_at_full: larger('seconds_at_full') }]
    }),
  )
}
