import { describe, expect, it } from 'vitest'
import type { Assignment, Person } from '#schema/administering.ts'
import { asExamNumber, asExamState, candidatesFor, lackingIn, takableFrom, waitingOf, withMovedOn } from './assignments.ts'
import { entranceOf, isUnblinding, wholeNumber } from './people.ts'

const EXAM: Assignment = {
  study_id: '2.25.1',
  number: 1,
  state: 'awaiting_reads',
  is_open: true,
  readers: [{ name: 'ann', is_submitted: true }],
  senior: null,
  arbiter: null,
  flags: [],
}
const PERSON: Person = {
  name: 'bo',
  roles: ['reader'],
  years_experience: null,
  annual_volume: null,
  is_available: true,
  workload_cap: null,
  is_disabled: false,
  has_password: true,
  must_change_password: false,
  is_linked: false,
  reads: { assigned: 0, submitted: 0 },
  arbitrations: null,
  quality_reads: null,
  trained_at: null,
}

describe('what an address asks for', () => {
  it('is a state and a number, or nothing', () => {
    expect([asExamState('held'), asExamState('else'), asExamState(null)]).toEqual(['held', null, null])
    expect(['12', '0', '-1', '1.5', 'x', '', null].map(asExamNumber)).toEqual([12, null, null, null, null, null, null])
  })
})

describe('an exam', () => {
  it('lacks whom its state calls for', () => {
    expect(lackingIn(EXAM)).toEqual(['reader'])
    expect(lackingIn({ ...EXAM, is_open: false })).toEqual([])
    expect(lackingIn({ ...EXAM, state: 'awaiting_arbitration' })).toEqual(['arbiter'])
    expect(lackingIn({ ...EXAM, state: 'awaiting_arbitration', arbiter: { name: 'cy', is_submitted: false } })).toEqual([])
    expect(lackingIn({ ...EXAM, state: 'concordant' })).toEqual(['senior'])
    expect(lackingIn({ ...EXAM, state: 'final' })).toEqual([])
  })

  it('is taken from its readers only before anybody decides upon what they said', () => {
    expect(takableFrom(EXAM)).toEqual([{ role: 'reader', name: 'ann', is_submitted: true }])
    const decided = { ...EXAM, arbiter: { name: 'cy', is_submitted: false } }
    expect(takableFrom(decided).map(({ role }) => role)).toEqual(['arbiter'])
  })

  it('is offered to who has the role, can sign in and does not have it; the available ones first', () => {
    const people = [
      { ...PERSON, name: 'away', is_available: false },
      PERSON,
      { ...PERSON, name: 'ann' },
      { ...PERSON, name: 'gone', is_disabled: true },
      { ...PERSON, name: 'cy', roles: ['arbiter' as const] },
    ]
    expect(candidatesFor(EXAM, 'reader', people).map(({ name }) => name)).toEqual(['bo', 'away'])
    expect(candidatesFor(EXAM, 'senior', people).map(({ name }) => name)).toEqual(['cy'])
  })
})

it('what keeps the phase open is counted where one may know it', () => {
  expect(waitingOf({ awaiting_reads: 2, awaiting_arbitration: 1, held: 1, final: 9, unassigned: 5 })).toBe(4)
  expect(waitingOf(null)).toBeNull()
})

it('every refusal by which an exam has moved on is said in one sentence', () => {
  const said = withMovedOn({ transition: 'moved on', busy: 'wait' })
  expect([said['frozen'], said['held'], said['busy']]).toEqual(['moved on', 'moved on', 'wait'])
})

describe('people', () => {
  it('are told apart by how they can sign in', () => {
    expect(entranceOf(PERSON)).toBe('password')
    expect(entranceOf({ ...PERSON, must_change_password: true })).toBe('mustChange')
    expect(entranceOf({ ...PERSON, has_password: false })).toBe('none')
    expect(entranceOf({ ...PERSON, has_password: false, is_linked: true })).toBe('provider')
    expect(entranceOf({ ...PERSON, is_disabled: true })).toBe('disabled')
  })

  it('who administer and answer are not told how exams were read', () => {
    expect(isUnblinding(['admin', 'arbiter'])).toBe(true)
    expect(isUnblinding(['admin', 'reviewer'])).toBe(false)
  })

  it('have numbers that are whole, or none', () => {
    expect([wholeNumber(' 12 ', 80), wholeNumber('', 80), wholeNumber('81', 80), wholeNumber('1.5', 80)]).toEqual([12, null, undefined, undefined])
  })
})
