// With what an exam is opened: what the server has, and what this browser has kept.

import type { DraftSaid, Reading, Seconds } from '#schema/marking.ts'
import { type Decision, sameReading } from './draft.ts'
import type { Conflict } from './draft-keeper.ts'
import type { Kept } from './queue.ts'

export interface Start {
  readonly reading: Reading | null
  readonly decided: Readonly<Record<string, Decision>>
  readonly version: number
  readonly isUnsaved: boolean
  readonly seconds: Seconds
  readonly stage: string | null
  readonly confirmed: readonly string[]
  readonly view: unknown
  /** The server's version, where both were changed. */
  readonly conflict: Conflict | null
}

/** @param said What the server has; null where it could not be asked. */
export function startOf(said: DraftSaid | null, kept: Kept | null): Start {
  if (kept === null) return fromServer(said)
  const mine: Start = { ...kept, seconds: longest(kept.seconds, said?.seconds ?? {}), conflict: null }
  if (said === null || said.version === kept.version) return mine
  const view = { decided: kept.decided, confirmed: kept.confirmed, view: kept.view }
  const isSame = said.reading !== null && sameReading(said.reading, kept.reading)
  if (isSame || !kept.isUnsaved) return { ...fromServer(said), ...(isSame ? view : { view: kept.view }) }
  if (said.version < kept.version) return { ...mine, version: said.version }
  return { ...mine, conflict: { version: said.version, reading: said.reading, seconds: said.seconds, saved_at: said.saved_at } }
}

function fromServer(said: DraftSaid | null): Start {
  const { reading, version, seconds, stage } = said ?? { reading: null, version: 0, seconds: {}, stage: null }
  return { reading, decided: {}, version, isUnsaved: false, seconds, stage, confirmed: [], view: null, conflict: null }
}

/** Of each step the larger: both count from the same beginning. */
function longest(one: Seconds, other: Seconds): Seconds {
  const steps = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  return Object.fromEntries(steps.map((step) => [step, Math.max(one[step] ?? 0, other[step] ?? 0)]))
}
