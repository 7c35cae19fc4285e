import { type Binding, type KeyId, KEYS, type Scope } from './table.ts'

export interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  readonly shiftKey?: boolean
  /** Whether it is held down. */
  readonly repeat?: boolean
}

const SHIFT = 'Shift+'
const CTRL = 'Ctrl+'

/** The row that a key press means in a scope; null where it means nothing, so the browser keeps it. */
export function match(pressed: Pressed, scope: Scope): KeyId | null {
  if (pressed.altKey) return null
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key
  if (pressed.ctrlKey || pressed.metaKey) return pressed.shiftKey === true ? null : find(CTRL + key, scope)
  return (pressed.shiftKey === true ? find(SHIFT + key, scope) : null) ?? find(key, scope)
}

/** Whether a key press is one that does not count: the key is held down, and what it does is done once. */
export function isHeld(pressed: Pressed, id: KeyId): boolean {
  const row: Binding | undefined = KEYS.find((one) => one.id === id)
  return pressed.repeat === true && row?.isOnce === true
}

function find(key: string, scope: Scope): KeyId | null {
  const row = KEYS.find((one) => one.scope === scope && (one.keys as readonly string[]).includes(key))
  return row?.id ?? null
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  ' ': '␣',
  Delete: 'Del',
  Escape: 'Esc',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
}

/** How a key is written on the page. */
export function keySign(key: string): string {
  if (key.startsWith(SHIFT)) return `⇧${keySign(key.slice(SHIFT.length))}`
  if (key.startsWith(CTRL)) return `Ctrl ${keySign(key.slice(CTRL.length))}`
  return SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key)
}
