import { describe, expect, it } from 'vitest'
import type { Labels, Reading, RuledImage, Violation } from '#schema/marking.ts'
import vectors from '../../../tests/domain/rule_vectors.json'
import { check } from './check.ts'
import { holds } from './conditions.ts'

interface Vectors {
  labels: Record<string, Labels>
  exams: Record<string, RuledImage[]>
  cases: { labels: string; study_id: string; exam: string; reading: Reading; confirmed: string[]; expected: Partial<Violation>[] }[]
}

const { labels, exams, cases } = vectors as unknown as Vectors

describe('the rules', () => {
  it('find what the server finds, in its order and its words', () => {
    expect(cases.length).toBeGreaterThan(50)
    for (const { labels: named, study_id: studyId, exam, reading, confirmed, expected } of cases) {
      const judged = { studyId, images: exams[exam] ?? [], labels: labels[named] as Labels }
      const found = check(reading, judged, new Set(confirmed))
      expect(found.map(({ code, key, level, message }) => ({ code, key, level, message }))).toEqual(expected)
    }
  })

  it('are all broken somewhere in these cases', () => {
    const seen = new Set(cases.flatMap(({ expected }) => expected.map(({ code }) => code)))
    for (const { code } of (labels['default'] as Labels).rules) expect(seen, code).toContain(code)
  })
})

describe('holds', () => {
  it('compares null by == and != only', () => {
    const values = { 'a.b': null, 'a.c': 3 }
    expect(holds(['==', 'a.b', null], values)).toBe(true)
    expect(holds(['!=', 'a.c', null], values)).toBe(true)
    for (const order of ['<', '<=', '>', '>=', 'in']) {
      expect(holds([order, 'a.b', 3], values)).toBe(false)
      expect(holds([order, 'a.c', { var: 'a.b' }], values)).toBe(false)
    }
  })

  it('knows all of nothing and any of nothing', () => {
    expect(holds(['all'], {})).toBe(true)
    expect(holds(['any'], {})).toBe(false)
    expect(holds(['not', ['any']], {})).toBe(true)
  })

  it('refuses forms and names that there are not', () => {
    expect(() => holds(['like', 'a', 1], { a: 1 })).toThrow()
    expect(() => holds(['==', 'b', 1], { a: 1 })).toThrow()
  })
})
