const WORKER = '/service-worker.js'

/** Have this browser keep the client itself, so that it opens without the server; where it cannot, it goes on without. */
export async function keepShell(): Promise<void> {
  // absent without TLS, and in some browsers' private windows
  const { serviceWorker } = globalThis.navigator as { serviceWorker?: ServiceWorkerContainer }
  await serviceWorker?.register(WORKER, { updateViaCache: 'none' }).catch(() => undefined)
}
