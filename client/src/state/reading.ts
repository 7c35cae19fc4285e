import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { getDraft, getLabels, getOwnReading, getReads, getTasks, postAmendment, postFlag, postReading, putDraft } from '#api/marking.ts'
import type { DraftSaid, Labels, Reads } from '#schema/marking.ts'
import type { WorkItem } from '#schema/reading-room.ts'
import type { Exam } from '#schema/viewing.ts'
import { itemsOf } from './arbitrating.ts'
import type { Phase, Seat } from './desk-parts.ts'
import { isGone } from './draft-keeper.ts'
import { Outbox, type Waiting } from './outbox.ts'
import { mayPass } from './problems.ts'
import { browserKeep, type Kept } from './queue.ts'
import { Desk } from './reading-desk.ts'
import { startOf } from './reading-start.ts'
import { sendBeforeSignOut, useSession } from './session.ts'
import { SESSION, type Session } from './store.ts'

export { Desk } from './reading-desk.ts'

const keep = browserKeep()
const outbox = new Outbox(keep)

/** A reader's list, or an arbiter's, whatever the state of its exams. */
export type ListName = 'worklist' | 'arbitration'

interface Opened {
  readonly seat: Seat
  readonly reads: Reads | null
}

/** Who answers; still so in the moment in which their session ends, until they are led away. */
function useName(): string {
  const name = useSession().data?.me?.name
  const [first] = useState(name ?? '')
  return name ?? first
}

/** All that is needed to answer an exam, put together once for each time it is opened. */
export function useSeat(exam: Exam, list: ListName) {
  const store = useQueryClient()
  const name = useName()
  return useQuery({
    queryKey: ['desk', exam.study_id],
    queryFn: ({ signal }) => openedAt(store, name, exam, list, signal),
    staleTime: Infinity,
    gcTime: 0,
  })
}

async function openedAt(store: QueryClient, name: string, exam: Exam, list: ListName, signal: AbortSignal): Promise<Opened> {
  const id = exam.study_id
  const isArbiter = exam.role === 'arbiter'
  const [labels, task, kept, reads] = await Promise.all([
    known<Labels>(store, ['labels'], () => getLabels(signal)),
    taskOf(store, name, list, id, signal),
    keep.get(name, id),
    isArbiter ? known<Reads>(store, ['reads', id], () => getReads(id, signal)) : null,
  ])
  const phase = phaseOf(task, kept)
  const said = phase === 'open' ? await draftOrNull(id, signal) : await submitted(id, signal)
  const mine = phase === 'amending' && kept !== null ? { ...kept, version: 0 } : phase === 'open' && kept?.state !== 'amendment' ? kept : null
  const start = startOf(said, mine)
  return { seat: { name, exam, labels, phase, list, start, items: reads === null ? [] : itemsOf(reads, exam.images) }, reads }
}

function phaseOf(task: WorkItem | undefined, kept: Kept | null): Phase {
  if (task?.state !== 'done') return 'open'
  if (!task.can_amend) return 'frozen'
  return kept?.state === 'amendment' ? 'amending' : 'done'
}

/** What is the same for long: as it was asked for before where the server is not there. */
async function known<Data>(store: QueryClient, queryKey: readonly string[], queryFn: () => Promise<Data>): Promise<Data> {
  return store.fetchQuery({ queryKey, queryFn, staleTime: 3_600_000, gcTime: Infinity })
}

async function taskOf(store: QueryClient, name: string, list: ListName, studyId: string, signal: AbortSignal): Promise<WorkItem | undefined> {
  const queryKey = [list, 'all']
  const found = await store
    .fetchQuery({ queryKey, queryFn: () => getTasks(list, signal), staleTime: 0, gcTime: Infinity })
    .catch((error: unknown) => {
      const before = store.getQueryData<Awaited<ReturnType<typeof getTasks>>>(queryKey)
      if (before === undefined || !mayPass(error)) throw error
      return before
    })
  const items: readonly WorkItem[] = found.items
  await forgetOthers(name, list, items)
  return items.find((item) => item.study_id === studyId)
}

/** An exam that has left the list is held, or somebody else's: nothing of it may stay here. */
async function forgetOthers(name: string, list: ListName, items: readonly WorkItem[]): Promise<void> {
  const listed = new Set(items.map(({ study_id: id }) => id))
  const others = (await keep.all()).filter((kept) => kept.name === name && kept.list === list && !listed.has(kept.study_id))
  await Promise.all(others.map(({ study_id: id }) => keep.drop(name, id)))
}

async function draftOrNull(studyId: string, signal: AbortSignal): Promise<DraftSaid | null> {
  return getDraft(studyId, signal).catch((error: unknown) => {
    // without the server one begins with what is here; a version that it has meanwhile is found when it answers
    if (mayPass(error)) return null
    throw error
  })
}

async function submitted(studyId: string, signal: AbortSignal): Promise<DraftSaid> {
  const reading = await getOwnReading(studyId, signal)
  return { version: 0, reading, seconds: {}, stage: null, saved_at: null }
}

/** The exam to go on with behind another where the server cannot say. */
function nextKnown(store: QueryClient, list: ListName, studyId: string): string | null {
  const items: readonly WorkItem[] = store.getQueryData<{ items: WorkItem[] }>([list, 'all'])?.items ?? []
  const at = items.findIndex((item) => item.study_id === studyId)
  const unsent = new Set(outbox.waiting().unsent.map(({ study_id: id }) => id))
  const next = [...items.slice(at + 1), ...items.slice(0, Math.max(0, at))].find((item) => item.state !== 'done' && !unsent.has(item.study_id))
  return next?.study_id ?? null
}

/** Where an exam is answered, once all for it is there. `onDone` goes on: to the next exam, or to the list. */
export function useDesk(opened: Opened | undefined, list: ListName, onDone: (next: string | null, isSent: boolean) => void): Desk | null {
  const store = useQueryClient()
  const [desk, setDesk] = useState<Desk | null>(null)
  const newest = useRef(onDone)
  useEffect(() => {
    newest.current = onDone
  })
  useEffect(() => {
    if (opened === undefined) return
    const { study_id: id } = opened.seat.exam
    const made = makeDesk(store, opened.seat, list, (next, isSent) => newest.current(next, isSent))
    const stops = [outbox.open(id), listenToPage(made), sendBeforeSignOut(() => made.retire())]
    setDesk(made)
    return () => {
      made.dispose()
      for (const stop of stops) stop()
      setDesk(null)
    }
  }, [opened, list, store])
  return desk
}

function makeDesk(store: QueryClient, seat: Seat, list: ListName, onDone: (next: string | null, isSent: boolean) => void): Desk {
  const { name, exam } = seat
  const id = exam.study_id
  const isOver = (next: string | null, isSent: boolean) => {
    for (const queryKey of [['worklist'], ['arbitration'], ['dashboard']]) void store.invalidateQueries({ queryKey })
    onDone(isSent ? next : nextKnown(store, list, id), isSent)
  }
  return new Desk(seat, {
    now: () => performance.now(),
    put: (draft, version, isLast) => putDraft(id, draft, version, isLast),
    later: (run, ms) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    submit: (answer) => postReading(id, answer),
    amend: (answer) => postAmendment(id, answer),
    flag: (flag) => postFlag(id, flag),
    keep: (kept, isLast) => {
      const now = { ...kept, at: Date.now() }
      if (isLast) keep.putNow(now)
      void keep.put(now)
    },
    drop: () => void keep.drop(name, id),
    onSignedOut: () => store.setQueryData<Session>(SESSION, { me: null, hasEnded: true }),
    onStaleToken: () => store.invalidateQueries({ queryKey: SESSION }),
    onDone: isOver,
  })
}

/** What of the page matters to the desk: whether it is seen, used, left, and connected. */
function listenToPage(desk: Desk): () => void {
  const listening = new AbortController()
  const { signal } = listening
  const sign = () => desk.sign()
  for (const name of ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const) globalThis.addEventListener(name, sign, { signal, passive: true })
  document.addEventListener('visibilitychange', () => desk.show(!document.hidden), { signal })
  globalThis.addEventListener('pagehide', () => desk.saveNow(true), { signal })
  globalThis.addEventListener('blur', () => desk.saveNow(), { signal })
  globalThis.addEventListener('online', () => desk.saveNow(), { signal })
  return () => listening.abort()
}

export function useDeskSnapshot(desk: Desk) {
  return useSyncExternalStore(desk.subscribe, desk.snapshot)
}

const AGAIN_MS = 15_000

/** Answers of this person that wait for the server; sent while any page that asks is open, and before signing out. */
export function useWaiting(): Waiting {
  const name = useName()
  const store = useQueryClient()
  const waiting = useSyncExternalStore(outbox.subscribe, outbox.waiting)
  useEffect(() => {
    const send = async () => {
      const { count, isThrough } = await outbox.send(name)
      if (count > 0) for (const queryKey of [['worklist'], ['arbitration']]) void store.invalidateQueries({ queryKey })
      return isThrough
    }
    void send()
    const onOnline = () => void send()
    const stopForgetting = forgetRefused(store, name)
    const timer = setInterval(() => (outbox.waiting().unsent.length > 0 ? void send() : undefined), AGAIN_MS)
    globalThis.addEventListener('online', onOnline)
    // What the server has is nobody's business here any more once its reader has signed out.
    const stop = sendBeforeSignOut(async () => ((await send()) ? keep.clear() : undefined))
    return () => {
      clearInterval(timer)
      stopForgetting()
      globalThis.removeEventListener('online', onOnline)
      stop()
    }
  }, [name, store])
  return waiting
}

/** Forget what is kept of an exam that the server does not show any more. */
function forgetRefused(store: QueryClient, name: string): () => void {
  return store.getQueryCache().subscribe(({ type, query }) => {
    const [area, studyId] = query.queryKey
    if (type === 'updated' && area === 'exam' && isGone(query.state.error)) void keep.drop(name, String(studyId))
  })
}
