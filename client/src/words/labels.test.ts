import { describe, expect, it } from 'vitest'
import type { Labels } from '#schema/marking.ts'
import vectors from '../../../tests/domain/rule_vectors.json'
import { WORDS } from './index.ts'
import { TOLD } from './vi/labels.ts'
import { RULES } from './vi/marking.ts'

const schemas = Object.values(vectors.labels) as unknown as Labels[]
const own = vectors.labels.default as unknown as Labels

describe('what the server says, in Vietnamese', () => {
  it('is every meaning of an answer', () => {
    const said = schemas.flatMap(({ breast }) => [...breast.birads, ...breast.densities].map(({ meaning }) => meaning))
    expect(new Set(said).size).toBe(11)
    for (const text of said) expect(TOLD[text], text).toBeDefined()
  })

  it('is every definition and heading that comes with mammoset', () => {
    const said = own.categories.flatMap(({ definition, group }) => [definition, ...(group === '' ? [] : [group])])
    expect(said.length).toBeGreaterThan(10)
    for (const text of said) expect(TOLD[text], text).toBeDefined()
  })

  it('is every rule, and no rule that there is not', () => {
    expect(Object.keys(RULES).toSorted()).toEqual(own.rules.map(({ code }) => code).toSorted())
  })

  it('is what either of two readings says, and what a project wrote itself stays as it is', () => {
    const { told } = WORDS.vi.labels
    expect(['recall', 'not marked', 'DENSITY C', 'Mass (no BI-RADS)', 'BI-RADS 4', 'Mass (BI-RADS 4)', 'Own words.'].map(told)).toEqual([
      'gọi lại',
      'không đánh dấu',
      'mật độ C',
      'Mass (không có BI-RADS)',
      'BI-RADS 4',
      'Mass (BI-RADS 4)',
      'Own words.',
    ])
  })
})
