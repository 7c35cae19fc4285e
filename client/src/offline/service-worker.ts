// Wiring only: what a browser asks of this worker, answered by shell.ts.

import { fileFrom, forgetOlder, install, kindOf, pageFrom, type Shell } from './shell.ts'

interface Lifetime extends Event {
  readonly waitUntil: (work: Promise<unknown>) => void
  /** Requests that are not to come by here; not in every browser. */
  readonly addRoutes?: (routes: readonly unknown[]) => Promise<void>
}

interface Asked extends Lifetime {
  readonly request: Request
  readonly respondWith: (answer: Promise<Response>) => void
}

interface Scope {
  readonly location: Location
  readonly clients: { readonly claim: () => Promise<void> }
  readonly skipWaiting: () => Promise<void>
  readonly addEventListener: (<Name extends 'install' | 'activate'>(name: Name, run: (event: Lifetime) => void) => void) &
    ((name: 'fetch', run: (event: Asked) => void) => void)
}

/** Written in by the build. */
declare const BUILT_SHELL: Shell

const scope = globalThis as unknown as Scope
const shell = BUILT_SHELL
const ports = {
  caches,
  fetch: (...asked: Parameters<typeof fetch>) => fetch(...asked),
  after: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
}

scope.addEventListener('install', (event) => {
  const routes = event.addRoutes?.([{ condition: { urlPattern: '/api/*' }, source: 'network' }])
  event.waitUntil(Promise.all([routes, install(shell, ports)]).then(() => scope.skipWaiting()))
})

scope.addEventListener('activate', (event) => {
  event.waitUntil(forgetOlder(shell, ports).then(() => scope.clients.claim()))
})

scope.addEventListener('fetch', (event) => {
  const kind = kindOf(event.request, scope.location.origin)
  if (kind === 'page') event.respondWith(pageFrom(shell, event.request, ports))
  if (kind === 'file') event.respondWith(fileFrom(event.request, ports))
})
