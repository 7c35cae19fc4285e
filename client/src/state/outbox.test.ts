import { expect, it } from 'vitest'
import { Problem } from '#api/problem.ts'
import { Outbox } from './outbox.ts'
import { type Kept, memoryKeep } from './queue.ts'

const refusal = (status: number) => new Problem(status, { type: '', title: '', status, detail: '' })
const kept = (study_id: string, more: Partial<Kept> = {}): Kept => ({
  name: 'alice', study_id, number: 1, list: 'worklist', state: 'submission', reading: { breasts: [], findings: [], comment: study_id },
  decided: {}, version: 1, isUnsaved: true, seconds: {}, stage: null, confirmed: [], view: null, at: 0, ...more,
}) // prettier-ignore

async function boxWith(records: Kept[], answers: Record<string, Error> = {}) {
  const keep = memoryKeep()
  await Promise.all(records.map((one) => keep.put(one)))
  const sent: string[] = []
  const answer = (kind: string, as: string, id: string) => {
    sent.push(`${kind} ${id}${as === 'alice' ? '' : ` as ${as}`}`)
    if (answers[id] !== undefined) throw answers[id]
  }
  const outbox = new Outbox(keep, {
    put: async (as, id) => (answer('put', as, id), { version: 2, saved_at: '' }),
    submit: async (as, id) => (answer('submit', as, id), { next_study_id: null }),
    amend: async (as, id, { reason }) => (answer(`amend for ${reason}:`, as, id), { next_study_id: null }),
  })
  return { keep, outbox, sent, left: async () => (await keep.all()).map(({ study_id: id, state, isUnsaved }) => [id, state, isUnsaved]) }
}

it('what waits is sent, and kept no longer', async () => {
  const { outbox, sent, left } = await boxWith([kept('a'), kept('b', { state: 'draft' }), kept('c', { state: 'draft', isUnsaved: false })])
  expect(await outbox.send('alice')).toEqual({ count: 2, isThrough: true })
  expect([sent, await left()]).toEqual([['submit a', 'put b'], [['b', 'draft', false], ['c', 'draft', false]]])
})

it('what belongs to another person, or is being answered, is left alone', async () => {
  const { outbox, sent } = await boxWith([kept('a', { name: 'bert' }), kept('b'), kept('c', { state: 'amendment' })])
  const close = outbox.open('b')
  await outbox.send('alice')
  expect(sent).toEqual([])
  close()
  await outbox.send('alice')
  expect(sent).toEqual(['submit b'])
})

it('without a connection everything stays, and it is told how much', async () => {
  const { outbox, sent, left } = await boxWith([kept('a'), kept('b')], { a: new Problem(0, null) })
  expect(await outbox.send('alice')).toEqual({ count: 0, isThrough: false })
  expect([sent, (await left()).length, outbox.waiting().unsent.length]).toEqual([['submit a'], 2, 2])
})

it('what the server refuses is a draft again, for its reader to look at', async () => {
  const { outbox, left } = await boxWith([kept('a'), kept('b')], { a: refusal(422) })
  expect(await outbox.send('alice')).toEqual({ count: 1, isThrough: true })
  expect([outbox.waiting().refused.map(({ study_id: id }) => id), await left()]).toEqual([['a'], [['a', 'draft', true]]])
})

it('of an exam that is held nothing stays', async () => {
  const { outbox, left } = await boxWith([kept('a')], { a: refusal(410) })
  await outbox.send('alice')
  expect(await left()).toEqual([])
})

it('of a session that has ended everything stays', async () => {
  const { outbox, left } = await boxWith([kept('a')], { a: refusal(401) })
  expect((await outbox.send('alice')).isThrough).toBe(false)
  expect((await left()).length).toBe(1)
})

it('a change of an answer that is in is sent with its reason; one that is still being made is not', async () => {
  const { outbox, sent, left } = await boxWith([kept('a', { state: 'amended', reason: 'wrong key' }), kept('b', { state: 'amendment' })])
  expect((await outbox.send('alice')).count).toBe(1)
  expect([sent, await left()]).toEqual([['amend for wrong key: a'], [['b', 'amendment', true]]])
})

it('a change that the server refuses is one in the making again', async () => {
  const { outbox, left } = await boxWith([kept('a', { state: 'amended', reason: 'wrong key' })], { a: refusal(409) })
  await outbox.send('alice')
  expect([outbox.waiting().refused.length, await left()]).toEqual([1, [['a', 'amendment', true]]])
})

it('an answer to an exam that is held by now is told of, a draft of it is not', async () => {
  const { outbox } = await boxWith([kept('a'), kept('b', { state: 'draft' })], { a: refusal(410), b: refusal(410) })
  await outbox.send('alice')
  await outbox.send('alice')
  expect(outbox.waiting().gone.map(({ study_id: id }) => id)).toEqual(['a'])
})

it('what was given first is sent first', async () => {
  const { outbox, sent } = await boxWith([kept('a', { at: 3 }), kept('b', { at: 1 }), kept('c', { at: 2 })])
  await outbox.send('alice')
  expect(sent).toEqual(['submit b', 'submit c', 'submit a'])
})

it('what is asked for while something is on its way is sent after it: the connection came back in between', async () => {
  const keep = memoryKeep()
  await keep.put(kept('a'))
  const outcomes = [new Problem(0, null), null]
  const outbox = new Outbox(keep, {
    put: () => Promise.reject(refusal(422)),
    amend: () => Promise.reject(refusal(422)),
    submit: async () => {
      const outcome = outcomes.shift() ?? null
      if (outcome !== null) throw outcome
      return { next_study_id: null }
    },
  })
  const [first, ...later] = await Promise.all([outbox.send('alice'), outbox.send('alice'), outbox.send('alice')])
  expect([first.isThrough, later.map(({ isThrough }) => isThrough), await keep.all(), outcomes]).toEqual([false, [true, true], [], []])
})

const conflict = (comment: string) => {
  const reading = { breasts: [], findings: [], comment }
  return new Problem(409, { type: '', title: '', status: 409, detail: '', code: 'conflict', version: 7, reading, seconds: {}, saved_at: null } as never)
}

it.each([['a', [[1], [7]], []], ['of somebody else', [[1]], ['a']]] as const)(
  'a draft of its own that arrived unheard keeps no answer back: %s', async (comment, versions, refused) => {
    const keep = memoryKeep()
    await keep.put(kept('a'))
    const sent: number[][] = []
    const outbox = new Outbox(keep, {
      put: () => Promise.reject(refusal(422)),
      amend: () => Promise.reject(refusal(422)),
      submit: async (_name, _id, { version }) => {
        sent.push([version])
        if (sent.length === 1) throw conflict(comment)
        return { next_study_id: null }
      },
    })
    await outbox.send('alice')
    expect([sent, outbox.waiting().refused.map(({ study_id: id }) => id)]).toEqual([versions, refused])
  })

it('an answered exam is not proposed again, until somebody sits at it anew or the server refuses it', async () => {
  const { outbox } = await boxWith([kept('a'), kept('b')], { b: refusal(422) })
  const known = () => ['a', 'b'].map((id) => outbox.isGiven(id))
  outbox.open('a')
  outbox.give('a')
  outbox.give('b')
  expect(known()).toEqual([true, true])
  await outbox.send('alice')
  expect(known()).toEqual([true, false])
  outbox.open('a')
  expect(known()).toEqual([false, false])
})
