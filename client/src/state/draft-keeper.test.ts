import { describe, expect, it } from 'vitest'
import { Problem } from '#api/problem.ts'
import type { DraftSent } from '#api/marking.ts'
import { DraftKeeper } from './draft-keeper.ts'

const refusal = (status: number, code = '', more = {}) => new Problem(status, { type: '', title: '', status, detail: '', code, ...more })

/** A server that answers as it is told, and timers that run when they are told. */
function stage(isUnsaved = false, past: readonly string[] = []) {
  const text = { now: '' }
  const sent: { comment: string; version: number; isLast: boolean }[] = []
  const answers: (Error | number)[] = []
  const timers: { run: () => void; ms: number }[] = []
  let [signedOut, renewed] = [0, 0]
  const content = (): DraftSent => ({ reading: { breasts: [], findings: [], comment: text.now }, seconds: {}, viewed: {}, stage: null })
  const keeper = new DraftKeeper(content, 3, isUnsaved, {
    put: async (draft, version, isLast) => {
      sent.push({ comment: draft.reading.comment, version, isLast })
      const answer = answers.shift() ?? version + 1
      if (answer instanceof Error) throw answer
      return { version: answer }
    },
    later: (run, ms) => {
      const timer = { run, ms }
      timers.push(timer)
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1))
    },
    onChange: () => undefined,
    isPast: ({ comment }) => past.includes(comment),
    onSignedOut: () => (signedOut += 1),
    onStaleToken: async () => void (renewed += 1),
  })
  const write = (comment: string) => {
    text.now = comment
    keeper.touch()
  }
  const ring = async () => {
    timers.shift()?.run()
    await keeper.settled()
  }
  return { keeper, sent, answers, timers, write, ring, counts: () => ({ signedOut, renewed }) }
}

describe('a draft is saved', () => {
  it('once, after a rest behind the last change, over the version that is known', async () => {
    const { keeper, sent, timers, write, ring } = stage()
    for (const text of ['a', 'ab', 'abc']) write(text)
    expect([timers.map(({ ms }) => ms), keeper.saving]).toEqual([[1500], 'unsaved'])
    await ring()
    expect(sent).toEqual([{ comment: 'abc', version: 3, isLast: false }])
    expect([keeper.version, keeper.saving, keeper.isUnsaved]).toEqual([4, 'saved', false])
  })

  it('at once when it is asked for, and not at all when nothing has changed', async () => {
    const { keeper, sent, write } = stage()
    await keeper.now()
    expect(sent).toEqual([])
    write('a')
    await keeper.now(true)
    expect(sent).toEqual([{ comment: 'a', version: 3, isLast: true }])
  })

  it('again when something changed while it was on its way', async () => {
    const { keeper, sent, write, ring, timers } = stage()
    write('a')
    const flight = keeper.now()
    write('b')
    await flight
    expect([keeper.isUnsaved, timers.length]).toEqual([true, 1])
    await ring()
    expect(sent.map(({ comment, version }) => [comment, version])).toEqual([
      ['a', 3],
      ['b', 4],
    ])
  })

  it('when it was kept unsaved from before', async () => {
    const { sent, ring } = stage(true)
    await ring()
    expect(sent.length).toBe(1)
  })
})

describe('without the server a draft', () => {
  it('waits longer and longer, and is saved as it is then', async () => {
    const { keeper, sent, answers, timers, write, ring } = stage()
    answers.push(...Array.from({ length: 7 }, () => new Problem(0, null)))
    write('a')
    const waits: number[] = []
    for (let n = 0; n < 7; n += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await keeper.now()
      waits.push(timers[0]?.ms ?? 0)
    }
    expect(waits).toEqual([2000, 4000, 8000, 15_000, 30_000, 30_000, 30_000])
    expect(keeper.saving).toBe('waiting')
    write('b')
    expect(timers.length).toBe(1)
    await ring()
    expect([sent.at(-1)?.comment, keeper.saving]).toEqual(['b', 'saved'])
  })

  it('of somebody who is signed out stays unsaved, and that is told', async () => {
    const { keeper, answers, write, counts } = stage()
    answers.push(refusal(401))
    write('a')
    await keeper.now()
    expect([keeper.isUnsaved, counts().signedOut]).toEqual([true, 1])
  })

  it('is sent again with the token of a newer session', async () => {
    const { keeper, answers, write, ring, counts } = stage()
    answers.push(refusal(403, 'csrf'))
    write('a')
    await keeper.now()
    await ring()
    expect([counts().renewed, keeper.saving]).toEqual([1, 'saved'])
  })

  it('of an exam that is held goes nowhere any more', async () => {
    const { keeper, sent, answers, write, timers } = stage()
    answers.push(refusal(410, 'held'))
    write('a')
    await keeper.now()
    write('b')
    expect([keeper.saving, sent.length, timers.length]).toEqual(['gone', 1, 0])
  })
})

describe('of two versions', () => {
  const conflict = refusal(409, 'conflict', { version: 9, reading: { breasts: [], findings: [], comment: 'other' }, seconds: {}, saved_at: null })

  it('that say the same nothing is asked', async () => {
    const { keeper, answers, write } = stage()
    answers.push(conflict)
    write('other')
    await keeper.now()
    expect([keeper.saving, keeper.version, keeper.conflict, keeper.isUnsaved]).toEqual(['saved', 9, null, false])
  })

  it('of which the other is what one’s own was made from nothing is asked: it arrived without one’s hearing of it', async () => {
    const { keeper, sent, answers, write, ring } = stage(false, ['other'])
    answers.push(conflict)
    write('mine')
    await keeper.now()
    await ring()
    expect(sent).toEqual([{ comment: 'mine', version: 3, isLast: false }, { comment: 'mine', version: 9, isLast: false }])
    expect([keeper.saving, keeper.version, keeper.conflict]).toEqual(['saved', 10, null])
  })

  it('neither is saved until one was chosen', async () => {
    const { keeper, sent, answers, write, timers } = stage()
    answers.push(conflict)
    write('mine')
    await keeper.now()
    expect([keeper.saving, keeper.conflict?.version, keeper.conflict?.reading?.comment]).toEqual(['conflict', 9, 'other'])
    write('more')
    await keeper.now()
    expect([sent.length, timers.length]).toEqual([1, 0])
  })

  it('one’s own is saved over the other', async () => {
    const { keeper, sent, answers, write } = stage()
    answers.push(conflict)
    write('mine')
    await keeper.now()
    keeper.settle(true)
    await keeper.settled()
    expect(sent.at(-1)).toEqual({ comment: 'mine', version: 9, isLast: false })
    expect([keeper.version, keeper.saving]).toEqual([10, 'saved'])
  })

  it('the other is taken without a word to the server', async () => {
    const { keeper, sent, answers, write } = stage()
    answers.push(conflict)
    write('mine')
    await keeper.now()
    keeper.settle(false)
    await keeper.now()
    expect([sent.length, keeper.version, keeper.saving, keeper.isUnsaved]).toEqual([1, 9, 'saved', false])
  })
})
