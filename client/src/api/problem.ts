import type { ProblemDetails } from '#schema/reading-room.ts'

/** What the server refused, or that it could not be reached (`status` 0). */
export class Problem extends Error {
  readonly status: number
  readonly code: string | null
  readonly details: ProblemDetails | null
  /** Seconds to wait before asking again; null where the server did not say. */
  readonly retryAfter: number | null

  constructor(status: number, details: ProblemDetails | null, retryAfter: number | null = null) {
    super(details?.detail ?? `status ${status}`)
    this.name = 'Problem'
    this.status = status
    this.code = details?.code ?? null
    this.details = details
    this.retryAfter = retryAfter
  }
}

/** Whether somebody has to sign in (again) before this can be asked. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401
}

/** Whether asking once more may help: the network, or a server that is starting. */
export function mayPass(error: unknown): boolean {
  return error instanceof Problem && (error.status === 0 || error.status === 502 || error.status === 503)
}

export async function problemOf(response: Response): Promise<Problem> {
  const wait = Number.parseInt(response.headers.get('Retry-After') ?? '', 10)
  return new Problem(response.status, await detailsOf(response), Number.isNaN(wait) ? null : wait)
}

async function detailsOf(response: Response): Promise<ProblemDetails | null> {
  if (!response.headers.get('Content-Type')?.startsWith('application/problem+json')) return null
  try {
    return (await response.json()) as ProblemDetails
  } catch {
    return null
  }
}
