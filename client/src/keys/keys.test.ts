import { describe, expect, it } from 'vitest'
import { keySign, match, type Pressed } from './match.ts'
import { KEYS } from './table.ts'

const pressed = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
})

describe('the table of keys', () => {
  it('gives no key two meanings where both can be pressed', () => {
    for (const scope of new Set(KEYS.map((row) => row.scope))) {
      const keys = KEYS.filter((row) => row.scope === scope || row.scope === 'everywhere').flatMap((row): readonly string[] => row.keys)
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
    for (const row of KEYS) for (const key of row.keys) expect(match(pressed(key), row.scope)).toBe(row.id)
  })

  it('does not mind the shift of capital letters', () => {
    expect(match(pressed('N'), 'worklist')).toBe('openNext')
  })

  it('leaves the browser its own keys', () => {
    expect(match(pressed('n', { ctrlKey: true }), 'worklist')).toBeNull()
    expect(match(pressed('n', { metaKey: true }), 'worklist')).toBeNull()
    expect(match(pressed('n'), 'everywhere')).toBeNull()
  })
})

describe('keySign', () => {
  it('writes keys as they are printed on keyboards', () => {
    expect(['n', '?', 'ArrowDown', 'Escape', 'Enter'].map(keySign)).toEqual(['N', '?', '↓', 'Esc', 'Enter'])
  })
})
