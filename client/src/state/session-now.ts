// Who is signed in, as far as can be known, and what has to be forgotten when that changes.

import type { QueryClient } from '@tanstack/react-query'
import { getMe, signOut } from '#api/session.ts'
import type { Me } from '#schema/reading-room.ts'
import { answers, offline, rememberLeaving, whoIsLeaving } from './offline/here.ts'
import { mayPass } from './problems.ts'
import { SESSION, type Session } from './store.ts'

/** Whose this page is: one person's as long as it lives. */
let here: string | null = null

/** Who is signed in as the server says; where it is not there, who was when it was asked last. */
export async function sessionNow(store: QueryClient, signal: AbortSignal): Promise<Session> {
  follow(store)
  const before = store.getQueryData<Session>(SESSION)
  // The browser opens its database while the server is asked.
  void offline.holds()
  try {
    const me = await stillHere(signal)
    if (me !== null) await settleIn(me)
    else await offline.clear()
    // What was shown in the place of its answers is asked for again, now that it answers.
    if (before?.isKept === true) void askAgain(store)
    return { me, hasEnded: me === null && before?.hasEnded === true }
  } catch (error) {
    if (!mayPass(error)) throw error
    const isLeaving = whoIsLeaving() !== null
    const kept = isLeaving ? null : (before?.me ?? (await offline.me()))
    if (kept === null && !isLeaving) throw error
    return { me: kept, hasEnded: false, isKept: true }
  }
}

const returns = new Set<() => void>()

/** Run something as soon as the server answers again, and who is signed in is known. Returns how to stop. */
export function onServerBack(run: () => void): () => void {
  returns.add(run)
  globalThis.addEventListener('online', run)
  return () => {
    returns.delete(run)
    globalThis.removeEventListener('online', run)
  }
}

async function askAgain(store: QueryClient): Promise<void> {
  await Promise.resolve()
  for (const run of returns) run()
  await store.invalidateQueries({ predicate: ({ queryKey: [area] }) => area !== SESSION[0] && area !== 'desk' })
}

/** But for somebody who has left already while the server could not be told. */
async function stillHere(signal: AbortSignal): Promise<Me | null> {
  const me = await getMe(signal)
  const isLeaving = me !== null && me.name === whoIsLeaving()
  if (isLeaving) await endSession()
  else rememberLeaving(null)
  return isLeaving ? null : me
}

/** Nothing of one person may be seen by another: neither what this browser keeps, nor what a page has in memory. */
export async function settleIn(me: Me): Promise<void> {
  rememberLeaving(null)
  await offline.belongTo(me)
  if (me.phase_is_closed) await dropSaved()
  if (here !== null && here !== me.name) return startAnew()
  if (here === null) tellWindows(me.name)
  here = me.name
}

/** Answers that the server has are of no use here any more; what it has not is told about when it is refused. */
async function dropSaved(): Promise<void> {
  const saved = (await answers.all()).filter(({ isUnsaved }) => !isUnsaved)
  await Promise.all(saved.map(({ name, study_id: id }) => answers.drop(name, id)))
}

/** Load the page anew, with nothing in its memory. */
async function startAnew(): Promise<void> {
  globalThis.location.reload()
  await new Promise(() => undefined)
}

const unsent = new Set<() => Promise<unknown>>()

/** Have something sent before the session is ended from here. Returns what takes that back. */
export function sendBeforeSignOut(send: () => Promise<unknown>): () => void {
  unsent.add(send)
  return () => unsent.delete(send)
}

const sendAll = () => Promise.allSettled([...unsent].map((send) => send()))

/** End the session, here at once even where the server cannot be told yet. */
export async function leave(): Promise<void> {
  await sendAll()
  if (here !== null) rememberLeaving(here)
  await endSession().finally(() => tellWindows(null))
}

/** Nothing stays here but what the server could not be given: it waits for who gave it, and is sent when they are back. */
async function endSession(): Promise<void> {
  const left = (await answers.all()).filter(({ isUnsaved }) => isUnsaved)
  try {
    await signOut()
    rememberLeaving(null)
  } finally {
    await soon(Promise.all([answers.clear(), offline.clear()]))
    for (const kept of left) answers.putNow(kept)
    await soon(Promise.all(left.map((kept) => answers.put(kept))))
  }
}

const SOON_MS = 500

/** Work that may never end: a database that the browser deletes meanwhile, because it is told to forget, does not answer. */
async function soon(work: Promise<unknown>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => void setTimeout(resolve, SOON_MS))])
}

let channel: BroadcastChannel | null = null

/** The other windows of this browser. */
function windows(): BroadcastChannel {
  channel ??= new BroadcastChannel('mammoset.session')
  return channel
}

/** Tell them who has signed in; null: somebody has signed out. */
function tellWindows(name: string | null): void {
  // it reaches nobody but them, and knows no origin to be aimed at
  // oxlint-disable-next-line require-post-message-target-origin
  windows().postMessage(name)
}

let isFollowing = false

function follow(store: QueryClient): void {
  if (isFollowing) return
  isFollowing = true
  windows().addEventListener('message', ({ data: name }: MessageEvent<string | null>) => {
    if (name === null) void sendAll().then(() => store.invalidateQueries({ queryKey: SESSION }))
    else if (here !== null && name !== here) void startAnew()
    else if (here === null) void store.invalidateQueries({ queryKey: SESSION })
  })
}
