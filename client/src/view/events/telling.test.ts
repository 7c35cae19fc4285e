import { describe, expect, it } from 'vitest'
import type { Happening } from '#schema/administering.ts'
import { EVENT_KINDS } from '#state/events.ts'
import { WORDS } from '#words/index.ts'
import { told } from './telling.ts'

const EVENT: Happening = {
  number: 1,
  at: '2024-05-17T09:00:00Z',
  kind: 'reader_withdrawn',
  by: 'chief',
  about: 'ann',
  study_id: '2.25.1',
  exam_number: 12,
  detail: { reason: 'on leave' },
}

describe('an event', () => {
  it('is told in plain words', () => {
    expect(told(EVENT, WORDS.en)).toEqual({ who: 'chief', what: 'took exam 12 from ann as reader: on leave', more: '' })
    const changed = { ...EVENT, kind: 'account_changed', detail: { roles: ['admin', 'reader'], workload_cap: null, is_available: false } }
    expect(told(changed, WORDS.en).more).toBe('roles: administrator, reader; limit: none; available: no')
  })

  it.each(EVENT_KINDS)('of the kind $kind has a sentence in both languages', ({ kind }) => {
    for (const words of [WORDS.en, WORDS.vi]) {
      const { what } = told({ ...EVENT, kind }, words)
      expect(what).not.toBe(kind)
      expect(what).not.toMatch(/undefined|null/)
    }
  })

  it('of a kind that is not known yet shows its name', () => {
    expect(told({ ...EVENT, kind: 'moon_landed', by: '' }, WORDS.en)).toMatchObject({ what: 'moon_landed', who: 'somebody' })
  })
})
