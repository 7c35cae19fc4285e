// What a page begins with, asked for before the rest of the client is here. This file is loaded by itself, before all
// others (vite.config.ts), and imports none: the answers are on their way while the browser loads and reads the others.

const ROOT = '/api/v1'
const EXAM = /^\/(?:read|arbitrate)\/([^/]+)$/
/** In the page: the files that the page of an exam needs beyond those of every page. */
const FILES = 'meta[name="files-of-exams"]'

/** Whoever wants an answer that took longer asks anew. */
const LONGEST_MS = 5000

const asked = new Map<string, Promise<Response | null>>()

/**
 * The answer that was asked for when the page began, or null: there is none, it was given out before, or it is no
 * success and asked for anew by whoever wants it.
 */
export async function early(address: string): Promise<Response | null> {
  const found = asked.get(address)
  asked.delete(address)
  return (await found) ?? null
}

export function isAskedEarly(address: string): boolean {
  return asked.has(address)
}

/** What was answered so far may be about another session than what is asked from now on. */
export function forgetEarly(): void {
  asked.clear()
}

/** Ask for what the page at a path begins with: who is signed in, and the exam. */
export function askEarly(path: string): void {
  const studyId = EXAM.exec(path)?.[1]
  const addresses = [`${ROOT}/me`, ...(studyId === undefined ? [] : [`${ROOT}/studies/${studyId}/exam`])]
  for (const address of addresses) asked.set(address, answerOf(address))
  if (studyId !== undefined) document.querySelector<HTMLMetaElement>(FILES)?.content.split(' ').forEach(load)
}

function answerOf(address: string): Promise<Response | null> {
  const asking = fetch(address, { headers: { Accept: 'application/json' }, credentials: 'same-origin', signal: AbortSignal.timeout(LONGEST_MS) })
  return asking.then((response) => (response.ok ? response : null), () => null)
}

/** Have a file in the browser's cache by the time that it is asked for. */
function load(file: string): void {
  if (file.endsWith('.js') || file.endsWith('.css')) {
    const link = document.createElement('link')
    Object.assign(link, file.endsWith('.js') ? { rel: 'modulepreload' } : { rel: 'preload', as: 'style' }, { crossOrigin: '', href: file })
    document.head.append(link)
  } else void fetch(file, { credentials: 'same-origin' }).catch(() => null)
}

// not in tests, nor in a worker
if (typeof document !== 'undefined') askEarly(document.location.pathname)
