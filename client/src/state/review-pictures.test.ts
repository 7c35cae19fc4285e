import { expect, it } from 'vitest'
import { Problem } from './problems.ts'
import { Pictures } from './review-pictures.ts'

class Fake {
  isClosed = false
  readonly width = 10
  readonly height = 10
  close(): void {
    this.isClosed = true
  }
}
const BYTES = 400

interface Asked {
  url: string
  signal: AbortSignal
  give: (picture: Fake) => void
  fail: (error: Problem) => void
}

function made(most = 100 * BYTES) {
  const asked: Asked[] = []
  const pictures = new Pictures<Fake>(
    (url, signal) =>
      new Promise((give, fail) => {
        asked.push({ url, signal, give, fail })
        signal.addEventListener('abort', () => fail(new Problem(0, null)))
      }),
    most,
  )
  const settle = async (act: (one: Asked) => void, url: string) => {
    const one = asked.findLast((each) => each.url === url)
    if (one === undefined) throw new Error(`${url} was not asked for`)
    act(one)
    await new Promise((done) => setTimeout(done))
  }
  return { pictures, asked, give: (url: string, picture = new Fake()) => settle((one) => one.give(picture), url), settle }
}

it('asks for four at once, the most urgent first', async () => {
  const { pictures, asked, give } = made()
  pictures.want(['1', '2', '3', '4', '5', '6'])
  expect(asked.map((one) => one.url)).toEqual(['1', '2', '3', '4'])
  await give('2')
  expect(asked.at(-1)?.url).toBe('5')
  expect(pictures.get('2')).toBeInstanceOf(Fake)
  expect(pictures.get('1')).toBeUndefined()
})

it('stops asking for what is not wanted any more', async () => {
  const { pictures, asked, settle } = made()
  pictures.want(['1', '2', '3', '4', '5'])
  pictures.want(['9', '2'])
  expect(asked.filter((one) => one.signal.aborted).map((one) => one.url)).toEqual(['1', '3', '4'])
  await settle(() => undefined, '2')
  expect(asked.map((one) => one.url)).toEqual(['1', '2', '3', '4', '9'])
})

it('forgets the oldest beyond its bound, never what is wanted', async () => {
  const { pictures, give } = made(2 * BYTES)
  const first = new Fake()
  pictures.want(['1', '2'])
  await give('1', first)
  await give('2')
  pictures.want(['2', '3', '4'])
  await give('3')
  expect(first.isClosed).toBe(true)
  expect(pictures.get('1')).toBeUndefined()
  await give('4')
  expect(['2', '3', '4'].map((url) => pictures.get(url) instanceof Fake)).toEqual([true, true, true])
})

it('says what cannot be shown, and asks once more when told to', async () => {
  const { pictures, asked, settle } = made()
  pictures.want(['1'])
  await settle((one) => one.fail(new Problem(409, null)), '1')
  expect(pictures.get('1')).toBeInstanceOf(Problem)
  pictures.want(['1'])
  expect(asked).toHaveLength(1)
  pictures.again()
  expect(asked).toHaveLength(2)
})

it('forgets everything with its page', async () => {
  const { pictures, give } = made()
  const picture = new Fake()
  pictures.want(['1', '2'])
  await give('1', picture)
  pictures.clear()
  expect(picture.isClosed).toBe(true)
  expect(pictures.get('1')).toBeUndefined()
})
