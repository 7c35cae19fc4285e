import { describe, expect, it } from 'vitest'
import { Problem } from '#api/problem.ts'
import { image } from '#hanging/exam.fixture.ts'
import type { Me } from '#schema/reading-room.ts'
import type { Exam } from '#schema/viewing.ts'
import { Offline } from './offline.ts'
import { cutOf } from './pieces.ts'
import { memoryShelf } from './shelf.ts'

const HOUR = 3_600_000
const refusal = (status: number) => new Problem(status, null)
const me = (name: string, more: Partial<Me> = {}): Me => ({ name, roles: ['reader'], must_change_password: false, csrf_token: 'secret', dataset: 'd', phase_is_closed: false, language: null, ...more })
const exam = (id: string): Exam => ({ study_id: id, number: 1, role: 'reader', images: [image('R', 'CC', { codestream: { url: `/${id}/cc`, size: 9, offset: 0, tile_part_ends: [4, 9] } })] }) as unknown as Exam
const bytes = (...values: number[]) => Uint8Array.from(values)

function setting() {
  const clock = { now: 1000 }
  const shelf = memoryShelf()
  const offline = new Offline(shelf, 'schema', () => clock.now)
  const there = <Answer>(answer: Answer) => offline.orKept('key', '1', async () => answer)
  const failing = (status: number) => offline.orKept('key', '1', () => Promise.reject(refusal(status))).catch((error: unknown) => (error instanceof Problem ? error.status : error))
  return { clock, shelf, offline, there, failing }
}

describe('an answer of the server', () => {
  it('is what is kept only where the server is not there, and that is told', async () => {
    const { clock, offline, there, failing } = setting()
    await there('first')
    expect(offline.since()).toBeNull()
    clock.now += HOUR
    expect([await failing(0), offline.since()]).toEqual(['first', 1000])
    expect([await failing(502), await failing(403), await failing(401)]).toEqual(['first', 403, 401])
    await there('second')
    expect([offline.since(), await failing(0)]).toEqual([null, 'second'])
  })

  it('of an exam that is held, or not one’s own any more, is forgotten', async () => {
    for (const status of [404, 410]) {
      const { there, failing } = setting()
      // oxlint-disable-next-line no-await-in-loop
      expect([await there('first'), await failing(status), await failing(0)]).toEqual(['first', status, 0])
    }
  })

  it('is kept for no longer than a session lasts that nobody uses, and not for a client of other answers', async () => {
    const { clock, shelf, there, failing } = setting()
    await there('first')
    clock.now += 12 * HOUR + 1
    expect(await failing(0)).toBe(0)
    await there('second')
    const other = new Offline(shelf, 'newer schema', () => clock.now)
    await expect(other.orKept('key', '1', () => Promise.reject(refusal(0)))).rejects.toThrow()
  })

  it('that comes after its exam was forgotten is not kept', async () => {
    const { offline, shelf } = setting()
    const answer: ((text: string) => void)[] = []
    const coming = offline.orKept('key', '1', () => new Promise<string>((resolve) => void answer.push(resolve)))
    await offline.forget('1')
    answer[0]?.('late')
    expect([await coming, await shelf.all()]).toEqual(['late', []])
  })
})

describe('what is kept belongs to one person', () => {
  it('and is forgotten once another one is signed in', async () => {
    const { offline, there, failing } = setting()
    expect(await offline.belongTo(me('alice'))).toBe(false)
    await there('of alice')
    expect(await offline.belongTo(me('alice'))).toBe(false)
    expect(await failing(0)).toBe('of alice')
    expect(await offline.belongTo(me('bert'))).toBe(true)
    expect([await failing(0), (await offline.me())?.name]).toEqual([0, 'bert'])
  })

  it('and never is the token of their session', async () => {
    const { offline, shelf } = setting()
    await offline.belongTo(me('alice'))
    expect(JSON.stringify(await shelf.all())).not.toContain('secret')
    expect((await offline.me())?.name).toBe('alice')
  })

  it('and is forgotten once the reading phase is closed', async () => {
    const { offline, there, failing } = setting()
    await offline.belongTo(me('alice'))
    await there('of alice')
    await offline.belongTo(me('alice', { phase_is_closed: true }))
    expect(await failing(0)).toBe(0)
  })
})

describe('images', () => {
  it('come from what was fetched before, also where the server is not there, as far as it was', async () => {
    const { offline } = setting()
    await offline.exam('1', async () => exam('1'))
    const fetched = offline.pictures(async (_, from) => (from === 0 ? bytes(0, 1, 2, 3) : bytes(4, 5, 6, 7, 8)))
    await fetched('/1/cc', 0, 4)
    const without = offline.pictures(() => Promise.reject(refusal(0)))
    expect(await without('/1/cc', 0, 3)).toEqual(bytes(0, 1, 2))
    await expect(without('/1/cc', 0, 9)).rejects.toThrow()
    await fetched('/1/cc', 4, 9)
    expect(await without('/1/cc', 0, 9)).toEqual(bytes(0, 1, 2, 3, 4, 5, 6, 7, 8))
    expect(await offline.pictures(async () => bytes(9, 9, 9))('/1/cc', 1, 3)).toEqual(bytes(1, 2))
    // changed since: of another size
    const masked = exam('1')
    await offline.exam('1', async () => ({ ...masked, images: masked.images.map((one) => Object.assign(one, { codestream: { ...one.codestream, size: 8 } })) }))
    expect(await offline.pictures(async () => bytes(9, 9, 9))('/1/cc', 0, 3)).toEqual(bytes(9, 9, 9))
  })

  it('of an exam that is held are forgotten, those of another one are not', async () => {
    const { offline } = setting()
    for (const id of ['1', '2']) {
      // oxlint-disable-next-line no-await-in-loop
      await offline.exam(id, async () => exam(id))
      // oxlint-disable-next-line no-await-in-loop
      await offline.pictures(async () => bytes(1, 2, 3, 4))(`/${id}/cc`, 0, 4)
    }
    await offline.forget('1')
    const without = offline.pictures(() => Promise.reject(refusal(0)))
    await expect(without('/1/cc', 0, 4)).rejects.toThrow()
    expect(await without('/2/cc', 0, 4)).toEqual(bytes(1, 2, 3, 4))
  })

  it('are kept of the exams that were shown or loaded last, and of those only that may still be answered', async () => {
    const { clock, offline, shelf } = setting()
    await offline.exam('0', async () => exam('0'))
    await offline.show('0')
    for (const id of ['1', '2', '3', '4', '5', '6', '7']) {
      clock.now += 1
      // oxlint-disable-next-line no-await-in-loop
      await offline.exam(id, async () => exam(id))
    }
    const ids = async () => (await shelf.all()).flatMap(({ study_id: id }) => (id === '' ? [] : [id])).toSorted()
    await expect.poll(ids).toEqual(['0', '5', '6', '7'])
    await offline.keepOnly(true, new Set())
    expect((await ids()).length).toBe(4)
    await offline.keepOnly(false, new Set(['5', '7']))
    expect(await ids()).toEqual(['5', '7'])
  })
})

it.each([
  [[], 0, 2, null],
  [[[0, 4]], 1, 3, [1, 2]],
  [[[4, 9], [0, 4]], 0, 9, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
  [[[0, 6], [4, 9]], 5, 8, [5, 6, 7]],
  [[[0, 3], [4, 9]], 0, 9, null],
  [[[0, 9], [0, 3]], 2, 9, [2, 3, 4, 5, 6, 7, 8]],
] as const)('pieces %j hold bytes %i to %i: %j', (pieces, from, end, found) => {
  const cuts = pieces.map(([first, last]) => ({ from: first, bytes: Uint8Array.from({ length: last - first }, (_, n) => first + n) }))
  expect(cutOf(cuts, from, end)).toEqual(found === null ? null : bytes(...found))
})
