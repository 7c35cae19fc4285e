import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { address, ask, keepCsrfToken } from './http.ts'
import { getBytes } from './viewing.ts'
import { isSignedOut, mayPass, Problem } from './problem.ts'

function answering(response: Response): ReturnType<typeof vi.fn<typeof fetch>> {
  const fetching = vi.fn<typeof fetch>(async () => response)
  vi.stubGlobal('fetch', fetching)
  return fetching
}

async function problemOfAsking(): Promise<Problem> {
  const error = await ask('GET', '/worklist').catch((caught: unknown) => caught)
  if (error instanceof Problem) return error
  throw new Error('no problem was raised')
}

const askedAs = (as: string) => ask('PUT', '/studies/1/draft', { as }).catch((error: unknown) => (error instanceof Problem ? error.status : error))
const headersOf = (fetching: ReturnType<typeof answering>) => fetching.mock.calls[0]?.[1]?.headers

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  keepCsrfToken(null, null)
})

describe('ask', () => {
  it('sends the token with unsafe requests only', async () => {
    keepCsrfToken('once', 'alice')
    const reading = answering(Response.json({}))
    await ask('GET', '/me')
    expect(headersOf(reading)).not.toHaveProperty('X-CSRF-Token')
    const writing = answering(new Response(null, { status: 204 }))
    await ask('DELETE', '/session')
    expect(headersOf(writing)).toHaveProperty('X-CSRF-Token', 'once')
  })

  it('sends nothing of one person in the session of another, nor before it is known whose it is', async () => {
    const fetching = answering(Response.json({}))
    expect(await askedAs('alice')).toBe(0)
    keepCsrfToken('other', 'bert')
    expect(await askedAs('alice')).toBe(401)
    expect(fetching).not.toHaveBeenCalled()
    keepCsrfToken('once', 'alice')
    expect(await askedAs('alice')).toEqual({})
  })

  it('gives the problem that the server describes', async () => {
    const details = { type: 'about:blank', title: 'Conflict', status: 409, detail: 'somebody was faster', code: 'conflict' }
    const headers = { 'Content-Type': 'application/problem+json', 'Retry-After': '30' }
    answering(new Response(JSON.stringify(details), { status: 409, headers }))
    const problem = await problemOfAsking()
    expect(problem).toMatchObject({ status: 409, code: 'conflict', message: 'somebody was faster', retryAfter: 30 })
    expect(mayPass(problem)).toBe(false)
  })

  it('needs no description to say what failed', async () => {
    answering(new Response('<html>', { status: 401 }))
    const problem = await problemOfAsking()
    expect(problem).toMatchObject({ status: 401, code: null, details: null, retryAfter: null })
    expect(isSignedOut(problem)).toBe(true)
  })

  it('tells a server that is not there from one that refuses', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch')
    })
    const problem = await problemOfAsking()
    expect(problem.status).toBe(0)
    expect(mayPass(problem)).toBe(true)
  })
})

describe('address', () => {
  it('leaves out what is not said', () => {
    expect(address('/review/images', { state: 'pending', cursor: null, limit: undefined })).toBe(
      '/api/v1/review/images?state=pending',
    )
  })

  it('writes what the address may not hold otherwise', () => {
    expect(address('/events', { about: 'a&b=c' })).toBe('/api/v1/events?about=a%26b%3Dc')
  })
})

it('images are not left to the browser’s own cache, of which nothing can be deleted', async () => {
  const fetching = answering(new Response(Uint8Array.from([1, 2]), { status: 206 }))
  expect(await getBytes('/stream', 4, 6)).toEqual(Uint8Array.from([1, 2]))
  expect(fetching.mock.calls[0]?.[1]).toMatchObject({ cache: 'no-store', headers: { Range: 'bytes=4-5' } })
})

const hasty = () => {
  const real = AbortSignal.timeout.bind(AbortSignal)
  return vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => real(50))
}

async function failureAt(answer: RequestListener, signal?: AbortSignal): Promise<unknown> {
  const server = createServer(answer)
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const real = globalThis.fetch
  vi.stubGlobal('fetch', (path: string, how: RequestInit) => real(`http://127.0.0.1:${port}${path}`, how))
  const failure = await ask('GET', '/worklist', signal === undefined ? {} : { signal }).catch((error: unknown) => error)
  server.closeAllConnections()
  server.close()
  return failure
}

describe('a server that is there and', () => {
  it.each<[string, RequestListener]>([
    ['says nothing', () => undefined],
    ['stops in mid-sentence', (_, response) => void response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"items": [')],
  ])('%s is taken for one that is not, after a while', async (_, answer) => {
    const patience = hasty()
    const failure = await failureAt(answer)
    expect([failure instanceof Problem && mayPass(failure), patience.mock.calls]).toEqual([true, [[30_000]]])
  })

  it('is asked what nobody wants any more has not failed', async () => {
    const leaving = new AbortController()
    expect(await failureAt(() => leaving.abort(), leaving.signal)).not.toBeInstanceOf(Problem)
  })
})
