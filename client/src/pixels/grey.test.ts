import { describe, expect, it } from 'vitest'
import type { PresentationSaid } from '#schema/viewing.ts'
import vectors from '../../../tests/pixels/grey_vectors.json'
import { choicesOf, chosen, FIRST_LOOK, greyTable } from './grey.ts'
import { type Presentation, presentationOf } from './presentation.ts'

const cases = vectors.cases.map((one) => {
  const presentation = presentationOf(one.presentation as PresentationSaid)
  return { ...one, presentation, range: (one.range ?? undefined) as [number, number] | undefined }
})
const [shift, stretch] = vectors.moved as [number, number]

const bytes = (text: string) => [...Buffer.from(text, 'base64')]
const byName = (name: string) => cases.find((one) => one.name === name)?.presentation as Presentation
const at = (table: Uint8Array | undefined, value: number) => table?.[value] ?? -1

describe('grey values are those that the server computes', () => {
  it.each(cases)('$name', ({ presentation, range, tables }) => {
    tables.forEach(([straight, inverted], choice) => {
      const table = (isInverted: boolean) => [...greyTable(presentation, { ...FIRST_LOOK, choice, isInverted }, range)]
      expect(table(false)).toEqual(bytes(straight as string))
      expect(table(true)).toEqual(bytes(inverted as string))
    })
  })

  it.each(cases.filter(({ moved }) => moved.length > 0))('of windows that a reader has moved: $name', ({ presentation, moved }) => {
    moved.forEach((expected, choice) => {
      expect([...greyTable(presentation, { choice, shift, stretch, isInverted: false })]).toEqual(bytes(expected))
    })
  })
})

describe('choices', () => {
  it('are the windows, then the tables, under their explanations', () => {
    const found = choicesOf(byName('tables behind a window')).map(({ kind, name }) => `${kind} ${name}`)
    expect(found).toEqual(['window NORMAL', 'table FILM', 'table REVERSED'])
  })

  it('of an image without any is the range of its values', () => {
    expect(choicesOf(byName('neither window nor table'), [77, 900])).toEqual([{ kind: 'range', name: '', center: 488.5, width: 823 }])
  })

  it('fall back on the first where an image offers fewer than another', () => {
    expect(chosen(byName('two windows'), { ...FIRST_LOOK, choice: 7 }).name).toBe('NORMAL')
  })
})

it('a table is moved and stretched like a window', () => {
  const presentation = byName('tables behind a window')
  const look = { ...FIRST_LOOK, choice: 1 }
  const [straight, brighter, softer] = [look, { ...look, shift: -0.2 }, { ...look, stretch: 2 }].map((one) => greyTable(presentation, one))
  expect(at(brighter, 200)).toBeGreaterThan(at(straight, 200))
  expect(at(softer, 110)).toBeGreaterThan(at(straight, 110))
  expect(at(softer, 340)).toBeLessThan(at(straight, 340))
})
