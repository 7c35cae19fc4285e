import { early, forgetEarly, isAskedEarly } from './early.ts'
import { Problem, problemOf } from './problem.ts'

const ROOT = '/api/v1'
const SAFE = new Set(['GET', 'HEAD'])

type Query = Record<string, string | number | boolean | null | undefined>

export interface Asking {
  query?: Query
  body?: unknown
  headers?: Record<string, string>
  /** Ends the request when the page that wanted it is gone. */
  signal?: AbortSignal
  /** Lets the request outlive the page; bodies below 64 KiB only. */
  keepalive?: boolean
  /** Whose it is: in the session of anybody else it is not sent. */
  as?: string
}

let csrfToken: string | null = null
/** Whose session the token is of; null where the server has not told yet. */
let person: string | null = null

/** Remember the token that every unsafe request carries, and whose it is; they live as long as the page. */
export function keepCsrfToken(token: string | null, name: string | null): void {
  csrfToken = token
  person = name
}

/**
 * Ask the server. Answers with an ETag are asked for again by the browser itself (If-None-Match from its own cache), so
 * polling costs a few bytes while nothing has changed.
 *
 * @throws Problem whenever the answer is not a success, or none came.
 */
export async function ask<Answer>(method: string, path: string, asking: Asking = {}): Promise<Answer> {
  if (asking.as !== undefined && asking.as !== person) throw person === null ? new Problem(0, null) : new Problem(401, null)
  if (!SAFE.has(method)) forgetEarly()
  const response = (await earlier(method, path, asking)) ?? (await send(method, path, asking))
  if (!response.ok) throw await problemOf(response)
  if (response.status === 204) return undefined as Answer
  return (await answerIn(response, asking.signal)) as Answer
}

async function answerIn(response: Response, signal?: AbortSignal): Promise<unknown> {
  try {
    return await response.json()
  } catch (error) {
    throw failureOf(error, signal)
  }
}

/** What the network did to a request; one that nobody wants any more has not failed. */
function failureOf(error: unknown, signal?: AbortSignal): unknown {
  return signal?.aborted === true ? error : new Problem(0, null)
}

/** What was asked for when the page began. */
async function earlier(method: string, path: string, { query, signal }: Asking): Promise<Response | null> {
  const isAsked = method === 'GET' && isAskedEarly(address(path, query))
  const found = isAsked ? await early(address(path, query)) : null
  signal?.throwIfAborted()
  return found
}

/** A server that has said nothing for so long is not there: whoever waits for it is told, and goes on without. */
const LONGEST_MS = 30_000

async function send(method: string, path: string, { query, body, headers, signal, keepalive = false }: Asking): Promise<Response> {
  const patience = AbortSignal.timeout(LONGEST_MS)
  try {
    return await fetch(address(path, query), {
      method,
      headers: { Accept: 'application/json', ...headersOf(method, body), ...headers },
      credentials: 'same-origin',
      keepalive,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    })
  } catch (error) {
    throw failureOf(error, signal)
  }
}

function headersOf(method: string, body: unknown): Record<string, string> {
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (!SAFE.has(method) && csrfToken !== null) headers['X-CSRF-Token'] = csrfToken
  return headers
}

/** The address of a resource; what is null or undefined in the query is left out. */
export function address(path: string, query: Query = {}): string {
  const said = Object.entries(query).filter(([, value]) => value !== null && value !== undefined)
  const search = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString()
  return `${ROOT}${path}${search === '' ? '' : `?${search}`}`
}
