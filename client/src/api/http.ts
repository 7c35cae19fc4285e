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
  const response = await send(method, path, asking)
  if (!response.ok) throw await problemOf(response)
  if (response.status === 204) return undefined as Answer
  return (await response.json()) as Answer
}

async function send(method: string, path: string, { query, body, headers, signal, keepalive = false }: Asking): Promise<Response> {
  try {
    return await fetch(address(path, query), {
      method,
      headers: { Accept: 'application/json', ...headersOf(method, body), ...headers },
      credentials: 'same-origin',
      keepalive,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Problem(0, null)
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
