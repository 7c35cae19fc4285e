// What this browser keeps: answers of readers until the server has them, and what exams need to be answered without it.

import { barring, browserKeep } from '../queue.ts'
import { Offline } from './offline.ts'
import { browserShelf } from './shelf.ts'

export const answers = barring(browserKeep())
export const offline = new Offline(browserShelf(), BUILT_SCHEMA, Date.now, whenIdle)

const LONGEST_MS = 1000

/** When nothing is to be painted; soon in any case. */
function whenIdle(run: () => void): void {
  // not in every browser
  if (globalThis.requestIdleCallback === undefined) setTimeout(run)
  else globalThis.requestIdleCallback(run, { timeout: LONGEST_MS })
}

const LEAVING = 'mammoset.leaving'

/** Remember that somebody has signed out of this browser while the server could not be told; null: it has been. */
export function rememberLeaving(name: string | null): void {
  try {
    if (name === null) localStorage.removeItem(LEAVING)
    else localStorage.setItem(LEAVING, name)
  } catch {
    // A browser that stores nothing has kept nobody either.
  }
}

export function whoIsLeaving(): string | null {
  try {
    return localStorage.getItem(LEAVING)
  } catch {
    return null
  }
}
