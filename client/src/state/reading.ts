import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { getDraft, getLabels, getOwnReading, getReads, getTasks, postAmendment, postFlag, putDraft } from '#api/marking.ts'
import type { DraftSaid, Labels, Reads } from '#schema/marking.ts'
import type { WorkItem } from '#schema/reading-room.ts'
import type { Exam } from '#schema/viewing.ts'
import { itemsOf } from './arbitrating.ts'
import type { Phase, Seat } from './desk-parts.ts'
import { isGone } from './draft-keeper.ts'
import { Outbox, type Waiting } from './outbox.ts'
import { painted } from './painting.ts'
import { mayPass } from './problems.ts'
import { answers, offline } from './offline/here.ts'
import type { Kept } from './queue.ts'
import { Desk } from './reading-desk.ts'
import { startOf } from './reading-start.ts'
import { sendBeforeSignOut, useSession } from './session.ts'
import { onServerBack } from './session-now.ts'
import { SESSION, type Session } from './store.ts'

export { Desk } from './reading-desk.ts'

const outbox = new Outbox(answers)

/** A reader's list, or an arbiter's, whatever the state of its exams. */
export type ListName = 'worklist' | 'arbitration'

interface Opened {
  readonly seat: Seat
  readonly reads: Reads | null
}

/** Who answers; still so in the moment in which their session ends, until they are led away. */
export function useName(): string {
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
  // The images come first.
  await painted()
  if (outbox.isGiven(id)) await outbox.settled()
  const isArbiter = exam.role === 'arbiter'
  const [labels, task, kept, reads] = await Promise.all([
    known<Labels>(store, ['labels'], () => offline.orKept('labels', '', () => getLabels(signal))),
    taskOf(store, name, list, id, signal),
    answers.get(name, id),
    isArbiter ? known<Reads>(store, ['reads', id], () => offline.orKept(`reads ${id}`, id, () => getReads(id, signal))) : null,
  ])
  const phase = phaseOf(task, kept)
  const said = phase === 'open' ? await draftOrNull(id, kept, signal) : await submitted(id, signal)
  const mine = phase === 'amending' && kept !== null ? { ...kept, version: 0 } : phase === 'open' && !isChange(kept) ? kept : null
  const start = startOf(said, mine)
  const items = reads === null ? [] : itemsOf(reads, exam.images)
  const comments = { a: reads?.a.comment ?? '', b: reads?.b.comment ?? '' }
  return { seat: { name, exam, labels, phase, list, start, items, comments }, reads }
}

function phaseOf(task: WorkItem | undefined, kept: Kept | null): Phase {
  if (task?.state !== 'done') return 'open'
  if (!task.can_amend) return 'frozen'
  return isChange(kept) ? 'amending' : 'done'
}

function isChange(kept: Kept | null): boolean {
  return kept?.state === 'amendment' || kept?.state === 'amended'
}

/** What is the same for long: as it was asked for before where the server is not there. */
async function known<Data>(store: QueryClient, queryKey: readonly string[], queryFn: () => Promise<Data>): Promise<Data> {
  return store.fetchQuery({ queryKey, queryFn, staleTime: 3_600_000, gcTime: Infinity })
}

async function taskOf(store: QueryClient, name: string, list: ListName, studyId: string, signal: AbortSignal): Promise<WorkItem | undefined> {
  const queryKey = [list, 'all']
  const found = await store
    .fetchQuery({ queryKey, queryFn: () => offline.orKept(`${list} all`, '', () => tasksNow(name, list, signal)), staleTime: 0, gcTime: Infinity })
    .catch((error: unknown) => {
      const before = store.getQueryData<Awaited<ReturnType<typeof getTasks>>>(queryKey)
      if (before === undefined || !mayPass(error)) throw error
      return before
    })
  const items: readonly WorkItem[] = found.items
  return items.find((item) => item.study_id === studyId)
}

async function tasksNow(name: string, list: ListName, signal: AbortSignal): ReturnType<typeof getTasks> {
  const found = await getTasks(list, signal)
  await forgetOthers(name, list, found.items)
  return found
}

/** An exam that has left the list is held, or somebody else's; one that cannot be changed is over: nothing of them may stay here. */
async function forgetOthers(name: string, list: ListName, items: readonly WorkItem[]): Promise<void> {
  const answerable = new Set(items.filter((item) => item.state !== 'done' || item.can_amend).map(({ study_id: id }) => id))
  // what waits to be sent is told about when it is refused
  const isWaiting = (kept: Kept) => kept.isUnsaved && items.some(({ study_id: id }) => id === kept.study_id)
  const others = (await answers.all()).filter((kept) => kept.name === name && kept.list === list && !answerable.has(kept.study_id) && !isWaiting(kept))
  await Promise.all([offline.keepOnly(list === 'arbitration', answerable), ...others.map(({ study_id: id }) => answers.drop(name, id))])
}

/** The server's draft; what was known of it counts only where nothing newer is here. */
async function draftOrNull(studyId: string, kept: Kept | null, signal: AbortSignal): Promise<DraftSaid | null> {
  const ask = () => getDraft(studyId, signal)
  return (kept === null ? offline.orKept(`draft ${studyId}`, studyId, ask) : ask()).catch((error: unknown) => {
    // without the server one begins with what is here; a version that it has meanwhile is found when it answers
    if (mayPass(error)) return null
    throw error
  })
}

async function submitted(studyId: string, signal: AbortSignal): Promise<DraftSaid> {
  // the draft tells how much has been seen so far; without it one counts anew
  const [reading, draft] = await Promise.all([offline.orKept(`reading ${studyId}`, studyId, () => getOwnReading(studyId, signal)), getDraft(studyId, signal).catch(() => null)])
  return { version: 0, reading, seconds: draft?.seconds ?? {}, viewed: draft?.viewed ?? {}, stage: null, saved_at: null }
}

/** The exam to go on with behind another, without asking the server. */
function nextKnown(store: QueryClient, list: ListName, studyId: string): string | null {
  const items: readonly WorkItem[] = store.getQueryData<{ items: WorkItem[] }>([list, 'all'])?.items ?? []
  const at = items.findIndex((item) => item.study_id === studyId)
  const isAnswered = ({ study_id: id, state }: WorkItem) => state === 'done' || outbox.isGiven(id) || unsent.has(id)
  const unsent = new Set(outbox.waiting().unsent.map(({ study_id: id }) => id))
  const next = [...items.slice(at + 1), ...items.slice(0, Math.max(0, at))].find((item) => !isAnswered(item))
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
    if (isSent) forgetLists(store)
    else {
      outbox.give(id)
      void painted().then(() => sendWaiting(store, name))
    }
    onDone(isSent ? next : nextKnown(store, list, id), isSent)
  }
  return new Desk(seat, {
    now: () => performance.now(),
    put: (draft, version, isLast) => putDraft(name, id, draft, version, isLast),
    later: (run, ms) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    submit: null,
    amend: (answer) => postAmendment(name, id, answer),
    flag: (flag) => postFlag(name, id, flag),
    keep: (kept, isLast) => {
      const now = { ...kept, at: Date.now() }
      if (isLast) answers.putNow(now)
      void answers.put(now)
    },
    drop: () => void answers.drop(name, id),
    onSignedOut: () => store.setQueryData<Session>(SESSION, { me: null, hasEnded: true }),
    onStaleToken: () => store.invalidateQueries({ queryKey: SESSION }),
    onDone: isOver,
  })
}

/** What of the page matters to the desk: whether it is seen, used, left, and connected. */
export function listenToPage(desk: Desk): () => void {
  const listening = new AbortController()
  const { signal } = listening
  const sign = () => desk.sign()
  for (const name of ['pointermove', 'pointerdown', 'keydown', 'wheel'] as const) globalThis.addEventListener(name, sign, { signal, passive: true })
  document.addEventListener('visibilitychange', () => desk.show(!document.hidden), { signal })
  globalThis.addEventListener('pagehide', () => desk.saveNow(true), { signal })
  globalThis.addEventListener('blur', () => desk.saveNow(), { signal })
  const stop = onServerBack(() => desk.saveNow())
  return () => {
    stop()
    listening.abort()
  }
}

export function useDeskSnapshot(desk: Desk) {
  return useSyncExternalStore(desk.subscribe, desk.snapshot)
}

const AGAIN_MS = 15_000

async function sendWaiting(store: QueryClient, name: string): Promise<void> {
  const { count, isThrough } = await outbox.send(name)
  if (count > 0) forgetLists(store)
  const isKept = store.getQueryData<Session>(SESSION)?.isKept === true
  // The server may be there, and the session another one.
  if (!isThrough && !isKept) void store.invalidateQueries({ queryKey: SESSION })
}

/** Lists and counts in which an answered exam stands otherwise than before. */
function forgetLists(store: QueryClient): void {
  for (const queryKey of [['worklist'], ['arbitration'], ['dashboard']]) void store.invalidateQueries({ queryKey })
}

/** Answers of this person that wait for the server; sent while any page that asks is open, and before signing out. */
export function useWaiting(): Waiting {
  const name = useName()
  const store = useQueryClient()
  const waiting = useSyncExternalStore(outbox.subscribe, outbox.waiting)
  useEffect(() => {
    const send = () => sendWaiting(store, name)
    void send()
    const stopForgetting = forgetRefused(store, name)
    const timer = setInterval(() => (outbox.waiting().unsent.length > 0 ? void send() : undefined), AGAIN_MS)
    const stops = [sendBeforeSignOut(send), onServerBack(() => void send())]
    return () => {
      clearInterval(timer)
      stopForgetting()
      for (const stop of stops) stop()
    }
  }, [name, store])
  return useMemo(() => ofPerson(waiting, name), [waiting, name])
}

function ofPerson({ unsent, refused, gone }: Waiting, name: string): Waiting {
  const isTheirs = (kept: Kept) => kept.name === name
  return { unsent: unsent.filter(isTheirs), refused: refused.filter(isTheirs), gone: gone.filter(isTheirs) }
}

/** When the server gave what is shown in the place of its answers, in milliseconds since 1970; null while it answers. */
export function useKeptSince(): number | null {
  return useSyncExternalStore(offline.subscribe, offline.since)
}

/** Forget what is kept of an exam that the server does not show any more, and show it no longer. */
function forgetRefused(store: QueryClient, name: string): () => void {
  return store.getQueryCache().subscribe(({ type, query }) => {
    const [area, studyId] = query.queryKey
    if (type !== 'updated' || area !== 'exam' || !isGone(query.state.error)) return
    void answers.drop(name, String(studyId))
    if (query.state.data !== undefined) void store.resetQueries({ queryKey: query.queryKey })
  })
}
