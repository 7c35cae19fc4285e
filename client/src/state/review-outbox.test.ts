import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Decisions } from '#schema/review.ts'
import { Problem } from './problems.ts'
import { decisionsOf, HOLD_MS, type ImageSaying, Sender, type ValueSaying } from './review-outbox.ts'

const image = (id: string, verdict: 'approve' | 'reject' = 'approve'): ImageSaying => ({
  kind: 'image',
  list: 'pending',
  image_id: id,
  study_id: `exam of ${id}`,
  verdict,
  reason: verdict === 'reject' ? 'other' : null,
  pixels: 'aa',
})
const value = (text: string | null): ValueSaying => ({
  kind: 'value',
  element: 'KVP',
  value: text,
  verdict: 'approve',
  reason: '',
  mark: text === null ? 'ab' : null,
})

function refusal(status: number, violations: { subject: string; message: string }[] = []): Problem {
  return new Problem(status, { type: 'about:blank', title: '', status, detail: 'refused', violations })
}

/** A sender, what it has sent, and how the server answers next. */
function made() {
  const sent: Decisions[] = []
  const answers: (Problem | null)[] = []
  let count = 0
  const sender = new Sender({
    send: async (decisions) => {
      sent.push(decisions)
      const answer = answers.shift() ?? null
      if (answer !== null) throw answer
    },
    onRecorded: async () => {
      count += 1
    },
  })
  return { sender, sent, answers, counted: () => count }
}

const images = (decisions: Decisions | undefined) => decisions?.images?.map((one) => `${one.image_id} ${one.verdict}`)
const stands = (sender: Sender) => sender.now.entries.map((one) => one.stand)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('holds what was said for a while, then sends it at once', async () => {
  const { sender, sent, counted } = made()
  sender.say([image('1')])
  await vi.advanceTimersByTimeAsync(HOLD_MS - 1)
  sender.say([image('2'), image('3')])
  expect(sent).toEqual([])
  await vi.advanceTimersByTimeAsync(HOLD_MS)
  expect(sent.map(images)).toEqual([['1 approve', '2 approve', '3 approve']])
  expect(stands(sender)).toEqual(['counted', 'counted', 'counted'])
  expect(counted()).toBe(1)
})

it('takes back without a trace what is held, and says so of what is not', async () => {
  const { sender, sent } = made()
  sender.say([image('1')])
  await sender.flush()
  sender.say([image('2'), image('3')])
  expect(sender.undo()).toMatchObject({ isRecorded: false, sayings: [{ image_id: '2' }, { image_id: '3' }] })
  expect(sender.undo()).toMatchObject({ isRecorded: true, sayings: [{ image_id: '1' }] })
  expect(sender.undo()).toBeNull()
  await vi.advanceTimersByTimeAsync(2 * HOLD_MS)
  expect(sent.map(images)).toEqual([['1 approve']])
})

it('withdraws one thing of a batch while it is held', async () => {
  const { sender, sent } = made()
  sender.say([image('1'), image('2', 'reject')])
  expect(sender.withdraw('2')).toBe(true)
  await sender.flush()
  expect(sender.withdraw('1')).toBe(false)
  expect(sent.map(images)).toEqual([['1 approve']])
})

it('says the last word only where two are about the same', () => {
  expect(images(decisionsOf([image('1'), image('2'), image('1', 'reject')]))).toEqual(['2 approve', '1 reject'])
  expect(decisionsOf([value('25'), value(null), value('25')]).values?.map((one) => one.value)).toEqual([null, '25'])
})

it('keeps everything and tries again while the server does not answer', async () => {
  const { sender, sent, answers } = made()
  answers.push(new Problem(0, null), new Problem(503, null))
  sender.say([image('1')])
  await sender.flush()
  expect(sender.now.trouble?.status).toBe(0)
  expect(sender.hasUnsent).toBe(true)
  await vi.advanceTimersByTimeAsync(1000)
  expect(sender.now.trouble?.status).toBe(503)
  await vi.advanceTimersByTimeAsync(2000)
  expect(sent).toHaveLength(3)
  expect(sender.now).toMatchObject({ trouble: null, entries: [{ stand: 'counted' }] })
})

it('waits as long as the server asks for', async () => {
  const { sender, sent, answers } = made()
  answers.push(new Problem(429, null, 60))
  sender.say([image('1')])
  await sender.flush()
  await vi.advanceTimersByTimeAsync(59_000)
  expect(sent).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(sent).toHaveLength(2)
})

it('of a refused batch leaves out what is at fault and sends the rest', async () => {
  const { sender, sent, answers } = made()
  answers.push(refusal(409, [{ subject: '2', message: 'made again' }]))
  sender.say([image('1'), image('2'), image('3')])
  await sender.flush()
  expect([...sender.now.faults]).toEqual([['2', 'made again']])
  await vi.advanceTimersByTimeAsync(1)
  expect(images(sent.at(-1))).toEqual(['1 approve', '3 approve'])
  expect(sender.now.entries.map((one) => one.stand)).toEqual(['counted', 'counted'])
  sender.say([image('2', 'reject')])
  expect(sender.now.faults.size).toBe(0)
})

it('of an element that has changed lets go of everything said of it', async () => {
  const { sender, answers } = made()
  answers.push(refusal(409, [{ subject: 'KVP', message: 'other values' }]))
  sender.say([value(null), value('25'), image('1')])
  await sender.flush()
  expect([...sender.now.faults.keys()].toSorted()).toEqual(['KVP', 'KVP=25'])
})

it('does not ask forever for what is refused without a reason for each', async () => {
  const { sender, sent, answers } = made()
  answers.push(refusal(403))
  sender.say([image('1'), image('2')])
  await sender.flush()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toHaveLength(1)
  expect([...sender.now.faults.values()]).toEqual(['refused', 'refused'])
})

it('keeps what was said when the session has ended, for who signs in again', async () => {
  const { sender, sent, answers } = made()
  answers.push(new Problem(401, null))
  sender.say([image('1')])
  await sender.flush()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toHaveLength(1)
  expect(stands(sender)).toEqual(['held'])
  sender.stop()
  expect(sender.now.entries).toEqual([])
})

it('forgets of a list that is asked for anew only what is on record', async () => {
  const { sender } = made()
  sender.say([image('1')])
  await sender.flush()
  sender.say([image('2')])
  sender.forget((saying) => saying.kind === 'image')
  expect(sender.now.entries.map((one) => one.saying)).toEqual([image('2')])
})

it('never sends two batches at once', async () => {
  const { sender, sent } = made()
  sender.say([image('1')])
  await Promise.all([sender.flush(), sender.flush()])
  expect(sent).toHaveLength(1)
})
