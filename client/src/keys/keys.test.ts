import { describe, expect, it } from 'vitest'
import { isHeld, keySign, match, type Pressed } from './match.ts'
import { KEYS, type Scope, TOGETHER } from './table.ts'

const pressed = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
})

const asPressed = (key: string): Pressed =>
  key.startsWith('Ctrl+')
    ? pressed(key.slice(5), { ctrlKey: true })
    : key.startsWith('Shift+') ? pressed(key.slice(6).toUpperCase(), { shiftKey: true }) : pressed(key)

describe('the table of keys', () => {
  it('gives no key two meanings where both can be pressed', () => {
    const alone = [...new Set(KEYS.map((row) => row.scope))].map((scope): readonly Scope[] => [scope])
    for (const scopes of [...alone, ...TOGETHER]) {
      const keys = KEYS.filter((row) => scopes.includes(row.scope) || (row.scope === 'everywhere' && !scopes.includes('everywhere'))).flatMap((row): readonly string[] => row.keys)
      expect(keys).toEqual([...new Set(keys)])
    }
  })

  it('names every row once', () => {
    const ids = KEYS.map((row) => row.id)
    expect(ids).toEqual([...new Set(ids)])
  })
})

describe('match', () => {
  it('finds every row by each of its keys', () => {
    for (const row of KEYS) for (const key of row.keys) expect(match(asPressed(key), row.scope)).toBe(row.id)
  })

  it('tells capital letters apart where they are keys of their own, and nowhere else', () => {
    expect(match(pressed('A', { shiftKey: true }), 'values')).toBe('elementApprove')
    expect(match(pressed('A'), 'values')).toBe('valueApprove')
    expect(match(pressed('A', { shiftKey: true }), 'images')).toBe('imagesApprove')
  })

  it('counts what is decided once while a key is held down', () => {
    expect(isHeld(pressed('a', { repeat: true }), 'imagesApprove')).toBe(true)
    expect(isHeld(pressed('a'), 'imagesApprove')).toBe(false)
    expect(isHeld(pressed('j', { repeat: true }), 'rowDown')).toBe(false)
  })

  it('does not mind the shift of capital letters', () => {
    expect(match(pressed('N'), 'worklist')).toBe('openNext')
  })

  it('leaves the browser its own keys', () => {
    expect(match(pressed('n', { ctrlKey: true }), 'worklist')).toBeNull()
    expect(match(pressed('z', { ctrlKey: true, altKey: true }), 'marking')).toBeNull()
    expect(match(pressed('n', { metaKey: true }), 'worklist')).toBeNull()
    expect(match(pressed('n'), 'everywhere')).toBeNull()
  })
})

describe('keySign', () => {
  it('writes keys as they are printed on keyboards', () => {
    expect(['n', '?', 'ArrowDown', 'Escape', 'Enter', 'Shift+a'].map(keySign)).toEqual(['N', '?', '↓', 'Esc', 'Enter', '⇧A'])
  })
})
