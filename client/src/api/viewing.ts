import type { Exam } from '#schema/viewing.ts'
import { address, ask } from './http.ts'
import { Problem, problemOf } from './problem.ts'

export function getExam(studyId: string, signal: AbortSignal): Promise<Exam> {
  return ask('GET', `${study(studyId)}/exam`, { signal })
}

/** Have it written down that the exam was opened; once, however often it is asked. */
export function postOpening(as: string, studyId: string): Promise<void> {
  return ask('POST', `${study(studyId)}/opening`, { as })
}

function study(studyId: string): string {
  return `/studies/${encodeURIComponent(studyId)}`
}

/**
 * Bytes of a code stream, `from` up to `end`. The browser's own cache is not to keep them: of that nothing can be deleted
 * when an exam is held.
 *
 * @throws Problem whenever they cannot be had.
 */
export async function getBytes(url: string, from: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const headers = { Accept: 'image/jphc', Range: `bytes=${from}-${end - 1}` }
  const response = await fetch(url, { headers, credentials: 'same-origin', cache: 'no-store', ...(signal === undefined ? {} : { signal }) }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new Problem(0, null)
  })
  if (!response.ok) throw await problemOf(response)
  const bytes = new Uint8Array(await response.arrayBuffer())
  return response.status === 206 ? bytes : bytes.slice(from, end)
}

/** Exams of the asker that were held, beyond the first `after` of them. */
export function getHolds(after: number): Promise<{ number: number; study_ids: string[] }> {
  return ask('GET', '/holds', { query: { after } })
}

const AGAIN_MS = 5000

/**
 * Hear at once of exams that are held, and that an earlier exam of somebody's is; `onOpen` also when the connection is there
 * again. Returns how to stop.
 */
export function listenToHolds(onHold: (studyId: string) => void, onOpen: () => void, onPrior: () => void): () => void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const begin = () => {
    const begun = new EventSource(address('/signals'))
    source = begun
    begun.addEventListener('open', onOpen)
    begun.addEventListener('prior', onPrior)
    begun.addEventListener('hold', (event: MessageEvent<string>) => {
      onHold((JSON.parse(event.data) as { study_id: string }).study_id)
    })
    // A browser asks again by itself after a lost connection, and never after a refusal, as of a proxy without a server.
    begun.addEventListener('error', () => {
      if (begun.readyState === EventSource.CLOSED) timer = setTimeout(begin, AGAIN_MS)
    })
  }
  begin()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}
