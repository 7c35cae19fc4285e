import { useSyncExternalStore } from 'react'
import { isLanguage, type Language, preferred } from '#words/index.ts'

export type ColorScheme = 'dark' | 'light'

export interface Preferences {
  readonly language: Language
  readonly colorScheme: ColorScheme
  /** Diagonal of the screen, by which views are shown at true size; null when not told. */
  readonly screenInches: number | null
}

const KEY = 'mammoset.preferences'
const listeners = new Set<() => void>()
let kept: Preferences = restored()

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => kept)
}

export function prefer(change: Partial<Preferences>): void {
  kept = { ...kept, ...change }
  keepPreferences()
  for (const listener of listeners) listener()
}

/** Write them down (again): signing out makes the browser forget what this site has stored. */
export function keepPreferences(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept))
  } catch {
    // A browser that stores nothing forgets them with the page.
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function restored(): Preferences {
  return readPreferences(stored(), globalThis.navigator?.languages ?? [])
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

/** Preferences from what was stored; what is missing or strange is the default: dark, and the browser's language. */
export function readPreferences(text: string | null, browserLanguages: readonly string[]): Preferences {
  const said = parsed(text)
  return {
    language: isLanguage(said['language']) ? said['language'] : preferred(browserLanguages),
    colorScheme: said['colorScheme'] === 'light' ? 'light' : 'dark',
    screenInches: typeof said['screenInches'] === 'number' ? said['screenInches'] : null,
  }
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
