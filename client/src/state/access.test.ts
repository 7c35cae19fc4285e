import { describe, expect, it } from 'vitest'
import { mayOpen, maySeeDataset, passwordFault, safeNext } from './access.ts'

describe('mayOpen', () => {
  it('wants any one of the roles', () => {
    expect(mayOpen({ roles: ['reader'] }, ['reader', 'arbiter'])).toBe(true)
    expect(mayOpen({ roles: ['reviewer'] }, ['reader', 'arbiter'])).toBe(false)
    expect(mayOpen({ roles: [] }, [])).toBe(true)
  })
})

describe('maySeeDataset', () => {
  it.each([
    [['admin'], false, true],
    [['admin', 'reader'], false, false],
    [['admin', 'arbiter'], false, false],
    [['reviewer'], false, false],
    [['reader'], true, true],
  ] as const)('%j, phase closed %s: %s', (roles, phase_is_closed, wanted) => {
    expect(maySeeDataset({ roles: [...roles], phase_is_closed })).toBe(wanted)
  })
})

describe('safeNext', () => {
  it.each(['/worklist', '/read/2.25.1?x=1#y', '/'])('goes on to %s', (next) => {
    expect(safeNext(next)).toBe(next)
  })

  it.each([
    null,
    '',
    'https://elsewhere.example/',
    '//elsewhere.example/',
    '/\\elsewhere.example/',
    '/\t/elsewhere.example/',
    'javascript:alert(1)',
    '/sign-in?next=/worklist',
  ])('goes home instead of to %j', (next) => {
    expect(safeNext(next)).toBe('/')
  })
})

describe('passwordFault', () => {
  it('says the first thing that is wrong', () => {
    expect(passwordFault('old', 'short', 'short')).toBe('tooShort')
    expect(passwordFault('the same password', 'the same password', '')).toBe('same')
    expect(passwordFault('old', 'correct horse battery', 'correct horse')).toBe('different')
    expect(passwordFault('old', 'correct horse battery', 'correct horse battery')).toBeNull()
  })
})
