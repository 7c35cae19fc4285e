import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { PAGES } from '#view/pages.ts'
import { fileFrom, forgetOlder, install, kindOf, pageFrom, type Shell, type ShellPorts } from './shell.ts'

const HERE = 'https://here.test'
const TEXT = '<!doctype html>'
const shellOf = (text: string, files: readonly string[] = ['/assets/a.js']): Shell => ({ digest: createHash('sha256').update(text).digest('hex'), files })

const addressOf = (request: RequestInfo | URL) => new URL(request instanceof Request ? request.url : String(request), HERE).pathname

/** Caches in memory, and a server that answers each address with a text, or not at all. */
function setting(answers: Record<string, string | number | undefined>) {
  const kept = new Map<string, Map<string, Response>>()
  const fetching = async (request: RequestInfo | URL) => {
    const answer = answers[addressOf(request)]
    if (answer === undefined) throw new TypeError('Failed to fetch')
    return typeof answer === 'number' ? new Response(null, { status: answer }) : new Response(answer)
  }
  const open = async (name: string) => {
    const found = kept.get(name) ?? new Map<string, Response>()
    kept.set(name, found)
    return {
      match: async (request: RequestInfo) => found.get(addressOf(request))?.clone(),
      put: async (request: RequestInfo, response: Response) => void found.set(addressOf(request), response),
      addAll: async (requests: Request[]) => {
        for (const request of requests) {
          // oxlint-disable-next-line no-await-in-loop
          const response = await fetching(request)
          if (!response.ok) throw new TypeError('not there')
          found.set(addressOf(request), response)
        }
      },
    }
  }
  const match = async (request: Request) => [...kept.values()].flatMap((one) => one.get(addressOf(request)) ?? [])[0]?.clone()
  const caches = { open, match, keys: async () => [...kept.keys()], delete: async (name: string) => kept.delete(name) } as unknown as CacheStorage
  const ports: ShellPorts = { caches, fetch: fetching as typeof fetch, after: () => new Promise(() => undefined) }
  return { ports, answers, kept }
}

const asked = (path: string) => new Request(HERE + path)
const textOf = async (answer: Promise<Response>) => (await answer).text()
// addresses without a site are those of the page in a browser
globalThis.Request = class extends Request {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    super(typeof input === 'string' ? new URL(input, HERE) : input, init)
  }
}

const goTo = (path: string) => kindOf({ method: 'GET', mode: 'navigate', url: HERE + path }, HERE)

it('every page of the client, and nothing else that one goes to, opens without the server', () => {
  for (const { path } of PAGES) expect([path, goTo(path.replace(/:\w+/, '1.2.3'))]).toEqual([path, 'page'])
  expect(['/', '/sign-in'].map(goTo)).toEqual(['page', 'page'])
  expect(['/status', '/exams/1', '/api/v1/me', '/oidc/start', '/read/1/2', '/static/pages.css'].map(goTo)).toEqual(Array(6).fill(null))
})

it('answers of the server never come by the worker, nor does what is sent to it', () => {
  const kind = (url: string, method = 'GET') => kindOf({ method, mode: 'cors', url }, HERE)
  expect([kind(`${HERE}/api/v1/studies/1/exam`), kind(`${HERE}/assets/a.js`, 'POST'), kind('https://there.test/assets/a.js'), kind(`${HERE}/worklist`)]).toEqual([null, null, null, null])
  expect(kind(`${HERE}/assets/a.js`)).toBe('file')
})

it('a client is kept whole, and opens without the server', async () => {
  const { ports, answers } = setting({ '/sign-in': TEXT, '/assets/a.js': 'a', '/read/1': 'from the server' })
  await install(shellOf(TEXT), ports)
  expect(await textOf(pageFrom(shellOf(TEXT), asked('/read/1'), ports))).toBe('from the server')
  for (const gone of Object.keys(answers)) answers[gone] = undefined
  expect(await textOf(pageFrom(shellOf(TEXT), asked('/read/1'), ports))).toBe(TEXT)
  expect(await textOf(fileFrom(asked('/assets/a.js'), ports))).toBe('a')
})

it('a proxy without a server behind it is no server', async () => {
  const { ports, answers } = setting({ '/sign-in': TEXT, '/assets/a.js': 'a' })
  await install(shellOf(TEXT), ports)
  answers['/read/1'] = 502
  expect(await textOf(pageFrom(shellOf(TEXT), asked('/read/1'), ports))).toBe(TEXT)
  answers['/read/1'] = 404
  expect((await pageFrom(shellOf(TEXT), asked('/read/1'), ports)).status).toBe(404)
})

it('a server that is too slow is waited for only where nothing is kept', async () => {
  const { ports } = setting({ '/sign-in': TEXT, '/assets/a.js': 'a' })
  const answer: ((response: Response) => void)[] = []
  const slow: ShellPorts = { ...ports, fetch: () => new Promise((resolve) => void answer.push(resolve)), after: async () => undefined }
  const waiting = textOf(pageFrom(shellOf(TEXT), asked('/read/1'), slow))
  await new Promise((resolve) => setTimeout(resolve))
  answer[0]?.(new Response('late'))
  expect(await waiting).toBe('late')
  await install(shellOf(TEXT), ports)
  expect(await textOf(pageFrom(shellOf(TEXT), asked('/read/1'), slow))).toBe(TEXT)
})

it('the page of another version is not kept with these files, nor a client that lacks one', async () => {
  const { ports, kept } = setting({ '/sign-in': 'newer', '/assets/a.js': 'a' })
  await expect(install(shellOf(TEXT), ports)).rejects.toThrow('another version')
  await expect(install(shellOf('newer', ['/assets/b.js']), ports)).rejects.toThrow()
  expect([...kept.values()].flatMap((one) => Array.from(one.keys()))).not.toContain('/sign-in')
})

it('pages that are open go on with the files of the version before; older ones are forgotten', async () => {
  const { ports, answers, kept } = setting({})
  for (const version of ['one', 'two', 'three']) {
    Object.assign(answers, { '/sign-in': version, [`/assets/${version}.js`]: version })
    const shell = shellOf(version, [`/assets/${version}.js`])
    // oxlint-disable-next-line no-await-in-loop
    await install(shell, ports)
    // oxlint-disable-next-line no-await-in-loop
    await forgetOlder(shell, ports)
  }
  expect(kept.size).toBe(2)
  for (const gone of Object.keys(answers)) answers[gone] = undefined
  expect(await textOf(fileFrom(asked('/assets/two.js'), ports))).toBe('two')
  expect(await textOf(pageFrom(shellOf('three'), asked('/read/1'), ports))).toBe('three')
  await expect(fileFrom(asked('/assets/one.js'), ports)).rejects.toThrow()
})
