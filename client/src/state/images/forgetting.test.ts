import { expect, it, vi } from 'vitest'
import { makeStore, SESSION } from '../store.ts'
import { forgetAtEnd, forgetHeld, type Keeping } from './forgetting.ts'

function setting(known: number | null = null) {
  const forgotten: (string | undefined)[] = []
  const holds = { known }
  const pixels: string[] = []
  const images: Keeping = { forget: (studyId?: string) => forgotten.push(studyId), forgetPixels: (studyId) => pixels.push(studyId), holds: async () => holds.known, knowHolds: (number) => (holds.known = number) }
  return { queries: makeStore(), images, forgotten, pixels }
}

it('images are forgotten when the session ends, and not before', () => {
  const { queries, images, forgotten } = setting()
  queries.setQueryData(SESSION, { me: { name: 'alice' }, hasEnded: false })
  queries.setQueryData(['exam', '1'], {})
  const onEnd = vi.fn()
  forgetAtEnd(queries, images, onEnd)
  queries.setQueryData(SESSION, { me: { name: 'alice' }, hasEnded: false })
  expect(forgotten).toEqual([])
  queries.setQueryData(SESSION, { me: null, hasEnded: true })
  expect(forgotten).toEqual([undefined])
  expect(queries.getQueryData(['exam', '1'])).toBeUndefined()
  expect(onEnd).toHaveBeenCalled()
})

it('an exam is forgotten when it is held; also when that was told while nobody listened', async () => {
  const { queries, images, forgotten } = setting()
  const told = [
    { number: 2, study_ids: ['old', 'older'] },
    { number: 3, study_ids: ['missed'] },
  ]
  const asked: number[] = []
  const ask = (after: number) => {
    asked.push(after)
    return Promise.resolve(told[asked.length - 1] ?? { number: 3, study_ids: [] })
  }
  const listen = vi.fn((_onHold: (studyId: string) => void, _onOpen: () => void) => () => undefined)
  forgetHeld(queries, images, ask, listen)
  const [hold, open] = listen.mock.calls[0] ?? []
  open?.()
  await vi.waitFor(() => expect(asked).toEqual([0]))
  hold?.('now')
  expect(forgotten).toEqual(['now'])
  open?.()
  await vi.waitFor(() => expect(forgotten).toEqual(['now', 'missed']))
  expect(asked).toEqual([0, 2])
})

it('an exam that was held while no page was open is forgotten when one opens', async () => {
  const { queries, images, forgotten } = setting(2)
  forgetHeld(queries, images, async (after) => ({ number: 3, study_ids: after === 2 ? ['missed'] : [] }), (_, onOpen) => (onOpen(), () => undefined))
  await vi.waitFor(async () => expect([forgotten, await images.holds()]).toEqual([['missed'], 3]))
})

it('an exam beside which an earlier one was held is asked for anew, and its pixels with it; those without earlier ones are not', async () => {
  const { queries, images, forgotten, pixels } = setting()
  const asked: string[] = []
  const answers = new Map<string, object[]>([['late', [{ months: 16 }]], ['later', [{ months: 4 }]], ['alone', []]])
  const queryFn = (id: string) => async () => {
    asked.push(id)
    return { study_id: id, priors: answers.get(id) ?? [] }
  }
  await Promise.all([...answers.keys()].map((id) => queries.fetchQuery({ queryKey: ['exam', id], queryFn: queryFn(id), staleTime: Infinity })))
  const listen = vi.fn((_onHold: (studyId: string) => void, _onOpen: () => void, _onPrior: () => void) => () => undefined)
  forgetHeld(queries, images, async () => ({ number: 0, study_ids: [] }), listen)
  answers.set('late', [])
  asked.length = 0
  listen.mock.calls[0]?.[2]()
  await vi.waitFor(() => expect(asked).toEqual(['late', 'later']))
  await vi.waitFor(() => expect(pixels).toEqual(['late']))
  expect(queries.getQueryData(['exam', 'late'])).toEqual({ study_id: 'late', priors: [] })
  expect(forgotten).toEqual([])
})
