// The client itself, kept so that it opens without the server: its page and its files, never an answer of the server.

/** What a build put into its worker. */
export interface Shell {
  /** SHA-256 of the page, in hex: its files are called after their content, so it stands for all of the client. */
  readonly digest: string
  /** Addresses of its files. */
  readonly files: readonly string[]
}

export interface ShellPorts {
  readonly caches: CacheStorage
  readonly fetch: typeof fetch
  /** Resolves after milliseconds. */
  readonly after: (ms: number) => Promise<void>
}

const FAMILY = 'mammoset.shell '
/** An address of the page that the server gives to everybody. */
const PAGE = '/sign-in'
/** Where that page may stand: without a server, an address that is not here is told to be out of reach by the browser. */
const PAGES = [
  '/', '/sign-in', '/worklist', '/training', '/training/:number', '/read/:study_id', '/arbitration', '/arbitrate/:study_id', '/review',
  '/review/values', '/review/images', '/dashboard', '/people', '/assignments', '/events', '/account',
] // prettier-ignore
const IS_PAGE = new RegExp(`^(${PAGES.map((path) => path.replace(/:\w+/, '[^/]+')).join('|')})$`)
/** How long the server has for its page before the one that is kept is taken. */
const PATIENCE_MS = 6000
/** A server that is starting, or a proxy in front of none. */
const NOT_THERE = new Set([502, 503, 504])

/** Keep all of a client, or nothing: another page than the one that was built with these files is no part of it. */
export async function install({ digest, files }: Shell, { caches, fetch }: ShellPorts): Promise<void> {
  const page = await fetch(PAGE, { credentials: 'omit', cache: 'no-store', redirect: 'error' })
  if (!page.ok || (await digestOf(page.clone())) !== digest) throw new Error('the server has another version of the client by now')
  const cache = await caches.open(FAMILY + digest)
  await cache.addAll(files.map((file) => new Request(file, { credentials: 'omit' })))
  await cache.put(PAGE, page)
}

/** Forget all clients but this one and the one before: pages that are open go on with the files they began with. */
export async function forgetOlder({ digest }: Shell, { caches }: Pick<ShellPorts, 'caches'>): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(FAMILY) && name !== FAMILY + digest)
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)))
}

/** What a request is for: the page at any of its addresses, a file of the client, or nothing that is kept here. */
export function kindOf({ method, mode, url }: Pick<Request, 'method' | 'mode' | 'url'>, origin: string): 'page' | 'file' | null {
  const { origin: there, pathname } = new URL(url)
  if (method !== 'GET' || there !== origin) return null
  if (mode === 'navigate') return IS_PAGE.test(pathname) ? 'page' : null
  return pathname.startsWith('/assets/') ? 'file' : null
}

/** The server's page, so that a new version counts from the next load on; the kept one where the server is not there. */
export async function pageFrom(shell: Shell, request: Request, { caches, fetch, after }: ShellPorts): Promise<Response> {
  const kept = async () => (await caches.open(FAMILY + shell.digest)).match(PAGE)
  const asked = fetch(request).catch(() => null)
  const first = await Promise.race([asked, after(PATIENCE_MS).then(() => undefined)])
  if (first && !NOT_THERE.has(first.status)) return first
  return (await kept()) ?? (await asked) ?? Response.error()
}

/** A file of this client or of the one before, else from the server. */
export async function fileFrom(request: Request, { caches, fetch }: Pick<ShellPorts, 'caches' | 'fetch'>): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}

async function digestOf(response: Response): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
