import { describe, expect, it, vi } from 'vitest'
import type { Exam } from '#schema/viewing.ts'
import { Bounded } from './bounded.ts'
import { type Answered, type Asked, Decoders, type MakeHand } from './decoders.ts'
import { ImageStore, type Source } from './image-store.ts'
import { fetchShown, nextOf, prefetch } from './prefetching.ts'

const ENDS = [10, 30, 100]
const STUDIES = ['a', 'b', 'c', 'd']

function source(studyId: string, imageId = 'image'): Source {
  return { imageId: `${studyId} ${imageId}`, studyId, rows: 8, columns: 4, url: `/${studyId}`, tilePartEnds: ENDS }
}

function storeOf(bounds?: { coarse: number; fine: number; bytes: number }) {
  const fetched: string[] = []
  const decoded: number[] = []
  const fetch = async (url: string, from: number, end: number) => {
    fetched.push(`${url} ${from}-${end}`)
    return Uint8Array.from({ length: end - from }, (_, n) => from + n)
  }
  const decode = async ({ bytes, level, rows, columns }: { bytes: Uint8Array; level: number; rows: number; columns: number }) => {
    decoded.push(bytes.length)
    return new Uint16Array((rows * columns) / 4 ** level)
  }
  return { store: new ImageStore(fetch, decode, bounds), fetched, decoded }
}

describe('the store of images', () => {
  it('fetches only the bytes that a level needs and that are not there', async () => {
    const { store, fetched, decoded } = storeOf()
    const level = await store.level(source('a'), 2)
    expect([level.rows, level.columns, level.values.length]).toEqual([2, 1, 2])
    await store.level(source('a'), 0)
    await store.level(source('a'), 1)
    expect(fetched).toEqual(['/a 0-10', '/a 10-100'])
    expect(decoded).toEqual([10, 100, 30])
  })

  it('does not fetch or decode twice what is on its way', async () => {
    const { store, fetched, decoded } = storeOf()
    await Promise.all([store.level(source('a'), 1), store.level(source('a'), 1), store.bytes(source('a')), store.level(source('a'), 2)])
    expect(fetched).toEqual(['/a 0-30', '/a 30-100'])
    expect(decoded.toSorted()).toEqual([10, 30])
  })

  it('gives what is at hand: the next coarser level, else a finer one', async () => {
    const { store } = storeOf()
    expect(store.atHand(source('a'), 0)).toBeUndefined()
    await store.level(source('a'), 2)
    expect(store.atHand(source('a'), 0)?.level).toBe(2)
    await store.level(source('a'), 0)
    expect([0, 1, 2].map((wanted) => store.atHand(source('a'), wanted)?.level)).toEqual([0, 2, 2])
  })

  it('forgets an exam, also what of it was still on its way', async () => {
    const { store } = storeOf()
    await store.level(source('a'), 2)
    await store.level(source('b'), 2)
    const late = store.level(source('a'), 0)
    store.forget('a')
    await late
    expect(store.kept.levels).toEqual(['b b image 2'])
    expect(store.kept.bytes).toEqual(['b b image'])
    store.forget()
    expect(store.kept.total).toBe(0)
  })

  it('stays within its bounds', async () => {
    const { store } = storeOf({ coarse: 8, fine: 130, bytes: 150 })
    await Promise.all(STUDIES.map((study) => store.level(source(study), 2)))
    expect(store.kept.levels).toEqual(['c c image 2', 'd d image 2'])
    await Promise.all(STUDIES.map((study) => store.level(source(study), 0)))
    expect(store.kept.levels).toEqual(['c c image 2', 'd d image 2', 'c c image 0', 'd d image 0'])
    expect(store.kept.bytes).toEqual(['d d image'])
  })

  it('asks again for what could not be had', async () => {
    const fetch = vi.fn().mockRejectedValueOnce(new Error('gone')).mockResolvedValue(new Uint8Array(10))
    const store = new ImageStore(fetch, async () => new Uint16Array(2))
    await expect(store.level(source('a'), 2)).rejects.toThrow('gone')
    expect((await store.level(source('a'), 2)).level).toBe(2)
  })
})

describe('the memory of the store', () => {
  it('stays within its bounds however many exams are read', async () => {
    const bounds = { coarse: 20, fine: 200, bytes: 250 }
    const { store } = storeOf(bounds)
    const totals = Array.from({ length: 100 }, async (_, n) => {
      await Promise.all([0, 2].map((level) => store.level(source(String(n)), level)))
      return store.kept.total
    })
    const most = Math.max(...(await Promise.all(totals)))
    expect(most).toBeGreaterThan(bounds.fine)
    expect(most).toBeLessThanOrEqual(bounds.coarse + bounds.fine + bounds.bytes)
  })
})

describe('bounded', () => {
  it('lets go of what was not asked for the longest, never of what just came', () => {
    const kept = new Bounded<number>(10, (size) => size)
    kept.set('a', 4)
    kept.set('b', 4)
    kept.get('a')
    kept.set('c', 4)
    expect(kept.keys()).toEqual(['a', 'c'])
    kept.set('d', 99)
    expect([kept.keys(), kept.total]).toEqual([['d'], 99])
  })
})

const job = (level: number) => ({ bytes: new Uint8Array(), level, rows: 1, columns: 1 })

/** A worker that answers when the test does. */
function handsOf() {
  const hands: { asked: Asked[]; answer: (answered: Answered) => void; fail: () => void; isEnded: boolean }[] = []
  const make: MakeHand = (answer, fail) => {
    const hand = { asked: [] as Asked[], answer, fail, isEnded: false }
    hands.push(hand)
    return {
      ask: (asked) => hand.asked.push(asked),
      end: () => {
        hand.isEnded = true
      },
    }
  }
  return { hands, make }
}

describe('decoders', () => {
  const values = new Uint16Array(1)

  it('work on as many at a time as there are hands, and on what is urgent first', async () => {
    const { hands, make } = handsOf()
    const decoders = new Decoders(make, 1)
    const first = decoders.decode(job(1), false)
    void decoders.decode(job(2), false)
    void decoders.decode(job(3), true)
    void decoders.decode(job(4), true)
    expect(hands).toHaveLength(1)
    for (let n = 0; n < 4; n += 1) hands[0]?.answer({ id: n, values })
    expect(hands[0]?.asked.map(({ level }) => level)).toEqual([1, 3, 4, 2])
    expect(await first).toBe(values)
  })

  it('tell of what cannot be decoded, and go on', async () => {
    const { hands, make } = handsOf()
    const decoders = new Decoders(make, 1)
    const bad = decoders.decode(job(0), true)
    hands[0]?.answer({ id: 1, fault: 'damaged' })
    await expect(bad).rejects.toThrow('damaged')
    const good = decoders.decode(job(0), true)
    hands[0]?.answer({ id: 2, values })
    expect(await good).toBe(values)
  })

  it('have their hands before there is work, and no more than they may', () => {
    const { hands, make } = handsOf()
    const decoders = new Decoders(make, 2)
    decoders.begin()
    void decoders.decode(job(0), true)
    decoders.begin()
    expect(hands.map(({ asked }) => asked.length).toSorted()).toEqual([0, 1])
  })

  it('do without a hand that died before it had work', async () => {
    const { hands, make } = handsOf()
    const decoders = new Decoders(make, 1)
    decoders.begin()
    hands[0]?.fail()
    void decoders.decode(job(0), true)
    expect(hands.map(({ asked }) => asked.length)).toEqual([0, 1])
  })

  it('replace a hand that died', async () => {
    const { hands, make } = handsOf()
    const decoders = new Decoders(make, 1)
    const lost = decoders.decode(job(0), true)
    hands[0]?.fail()
    await expect(lost).rejects.toThrow('the decoder failed')
    expect(hands[0]?.isEnded).toBe(true)
    void decoders.decode(job(0), true)
    expect(hands).toHaveLength(2)
  })
})

function exam(studyId: string): Exam {
  const images = ['1', '2'].map((n) => ({ image_id: `${studyId}${n}`, rows: 8, columns: 4, codestream: { url: `/${studyId}${n}`, tile_part_ends: ENDS } }))
  return { study_id: studyId, images } as unknown as Exam
}

describe('prefetching', () => {
  it('loads all of what is shown, then the next exams coarsely, then all of the next', async () => {
    const { store, fetched } = storeOf()
    prefetch(store, exam('a'), ['b', 'c', 'd', 'e'], async (studyId) => exam(studyId))
    await vi.waitFor(() => expect(fetched).toHaveLength(10))
    const order = [
      ['/a1 0-100', '/a2 0-100'],
      ['/b1 0-10', '/b2 0-10', '/c1 0-10', '/c2 0-10', '/d1 0-10', '/d2 0-10'],
      ['/b1 10-100', '/b2 10-100'],
    ]
    expect(fetched).toEqual(order.flat())
  })

  it('waits for what is shown, and ends when it is stopped', async () => {
    const arriving: ((bytes: Uint8Array<ArrayBuffer>) => void)[] = []
    const slow = new Promise<Uint8Array<ArrayBuffer>>((resolve) => arriving.push(resolve))
    const asked: string[] = []
    const fetch = (url: string) => {
      asked.push(url)
      return url === '/slow' ? slow : Promise.resolve(new Uint8Array(100))
    }
    const store = new ImageStore(fetch, async () => new Uint16Array(2))
    const urgent = store.level(source('slow'), 2)
    const stop = prefetch(store, exam('a'), [], async (studyId) => exam(studyId))
    await Promise.resolve()
    expect(asked).toEqual(['/slow'])
    stop()
    arriving[0]?.(new Uint8Array(10))
    await urgent
    await store.quiet()
    expect(asked).toEqual(['/slow'])
  })

  it('goes on where the list begins again', () => {
    const list = [3, 1, 2].map((number) => ({ study_id: `s${number}`, number }))
    expect(nextOf('s2', list)).toEqual(['s3', 's1'])
    expect(nextOf(null, list)).toEqual(['s1', 's2', 's3'])
    expect(nextOf('gone', list)).toEqual(['s1', 's2', 's3'])
  })
})

describe('an exam that is opened', () => {
  it('begins with the images of an exam before they are shown, and tells nobody of what cannot be had', async () => {
    const { store, fetched } = storeOf()
    fetchShown(store, exam('a'))
    await Promise.all(['a1', 'a2'].map((imageId) => store.level({ ...source('a', imageId), imageId, url: `/${imageId}` }, 2)))
    expect(fetched).toEqual(['/a1 0-10', '/a2 0-10'])
    fetchShown(new ImageStore(() => Promise.reject(new Error('gone')), async () => new Uint16Array(2)), exam('b'))
    await Promise.resolve()
  })
})
