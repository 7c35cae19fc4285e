// Contrast of every color on every ground it stands on (WCAG 2.2, success criteria 1.4.3 and 1.4.11).

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const STYLE = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8')
const TEXT = 4.5
const GRAPHICS = 3

const TEXTS: Record<string, string[]> = {
  text: ['ground', 'surface', 'raised', 'hover', 'pressed'],
  quiet: ['ground', 'surface', 'raised', 'hover'],
  accent: ['ground', 'surface', 'raised', 'hover', 'pressed'],
  mark: ['ground', 'surface', 'raised'],
  bad: ['ground', 'surface', 'raised', 'bad-ground'],
  'on-filled': ['filled', 'filled-hover', 'grave', 'grave-hover'],
}
const STATES = ['final', 'concordant', 'arbiter', 'readers', 'held', 'left-out', 'not-assigned']
const PARTS: Record<string, string[]> = {
  'line-strong': ['ground', 'surface', 'raised'],
  'accent-line': ['ground', 'surface', 'raised', 'pressed'],
  // states of exams, in plots
  ...Object.fromEntries(STATES.map((name) => [name, ['surface']])),
}

function tokensOf(scheme: string): Map<string, string> {
  const block = STYLE.split(`[data-mantine-color-scheme='${scheme}'] {`)[1]?.split('}')[0] ?? ''
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1] ?? '', found[2] ?? '']))
}

function luminance(color: string): number {
  const linear = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0)
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

describe.each(['dark', 'light'])('in %s', (scheme) => {
  const tokens = tokensOf(scheme)
  const color = (name: string): string => {
    const found = tokens.get(name)
    if (found === undefined) throw new Error(`no token ${name}`)
    return found
  }

  it.each(Object.entries(TEXTS))('text in %s can be read', (name, grounds) => {
    for (const ground of grounds) expect(contrast(color(name), color(ground)), ground).toBeGreaterThanOrEqual(TEXT)
  })

  it.each(Object.entries(PARTS))('parts in %s can be seen', (name, grounds) => {
    for (const ground of grounds) expect(contrast(color(name), color(ground)), ground).toBeGreaterThanOrEqual(GRAPHICS)
  })
})
