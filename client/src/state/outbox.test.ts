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
  const answer = (kind: string, id: string) => {
    sent.push(`${kind} ${id}`)
    if (answers[id] !== undefined) throw answers[id]
  }
  const outbox = new Outbox(keep, {
    put: async (id) => (answer('put', id), { version: 2, saved_at: '' }),
    submit: async (id) => (answer('submit', id), { next_study_id: null }),
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
