import { afterEach, expect, it, vi } from 'vitest'
import { askEarly, forgetEarly } from './early.ts'
import { ask } from './http.ts'

function answering(status: number) {
  const fetching = vi.fn<typeof fetch>(async (address) => Response.json({ address: String(address) }, { status }))
  vi.stubGlobal('fetch', fetching)
  vi.stubGlobal('document', { querySelector: () => null })
  return fetching
}

const asked = (fetching: ReturnType<typeof answering>) => fetching.mock.calls.map(([address]) => address)

afterEach(() => {
  forgetEarly()
  vi.unstubAllGlobals()
})

it('what a page begins with is asked for once, and asked anew the second time', async () => {
  const fetching = answering(200)
  askEarly('/arbitrate/2.25.1')
  expect(asked(fetching)).toEqual(['/api/v1/me', '/api/v1/studies/2.25.1/exam'])
  expect(await ask('GET', '/studies/2.25.1/exam')).toEqual({ address: '/api/v1/studies/2.25.1/exam' })
  await ask('GET', '/me')
  expect(fetching).toHaveBeenCalledTimes(2)
  await ask('GET', '/me')
  expect(fetching).toHaveBeenCalledTimes(3)
})

it('pages of no exam ask for none', () => {
  const fetching = answering(200)
  for (const path of ['/worklist', '/read', '/training/1']) askEarly(path)
  expect(new Set(asked(fetching))).toEqual(new Set(['/api/v1/me']))
})

it('a refusal is not taken for an answer, nor what was answered before somebody signed in or out', async () => {
  const fetching = answering(401)
  askEarly('/worklist')
  await expect(ask('GET', '/me')).rejects.toMatchObject({ status: 401 })
  expect(fetching).toHaveBeenCalledTimes(2)
  const after = answering(200)
  askEarly('/read/1')
  await ask('POST', '/session')
  await ask('GET', '/studies/1/exam')
  expect(asked(after).slice(2)).toEqual(['/api/v1/session', '/api/v1/studies/1/exam'])
})
