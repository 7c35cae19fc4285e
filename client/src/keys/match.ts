import { type KeyId, KEYS, type Scope } from './table.ts'

export interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}

/** The row that a key press means in a scope; null where it means nothing, so the browser keeps it. */
export function match(pressed: Pressed, scope: Scope): KeyId | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key
  const row = KEYS.find((one) => one.scope === scope && (one.keys as readonly string[]).includes(key))
  return row?.id ?? null
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  ' ': '␣',
  Escape: 'Esc',
}

/** How a key is written on the page. */
export function keySign(key: string): string {
  return SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key)
}
