// What this browser keeps of answers until the server has them: one record for each person and exam, in IndexedDB.

import type { Reading, Seconds, Viewed } from '#schema/marking.ts'
import type { Decision, Nipples } from './draft.ts'
import type { KeptHistory } from './draft-history.ts'
import { settled } from './offline/shelf.ts'

/** An answer, and where its reader stood. */
export interface Kept {
  /** Whose, and of what; the two make its key. */
  readonly name: string
  readonly study_id: string
  readonly number: number
  /** On which list its reader found it. */
  readonly list: 'worklist' | 'arbitration'
  /** Whether it waits to be submitted, is being changed after that, or waits to be sent as so changed. */
  readonly state: 'draft' | 'submission' | 'amendment' | 'amended'
  /** Why it was changed, of one that waits to be sent as changed. */
  readonly reason?: string
  /** What can be undone and done again; absent where nothing can. */
  readonly history?: KeptHistory
  readonly reading: Reading
  readonly decided: Readonly<Record<string, Decision>>
  /** Where its reader has put nipples; absent in what an earlier version of the client has kept. */
  readonly nipples?: Nipples
  /** Of the server's draft that it was made from. */
  readonly version: number
  /** Whether it holds anything that the server may not have. */
  readonly isUnsaved: boolean
  readonly seconds: Seconds
  /** Absent in what an earlier version of the client has kept. */
  readonly viewed?: Viewed
  readonly stage: string | null
  readonly confirmed: readonly string[]
  /** How the images were looked at; of the viewer. */
  readonly view: unknown
  /** When it was kept, in milliseconds since 1970. */
  readonly at: number
}

/** Where records are kept. Without room to keep them all is as if there were none. */
export interface Keep {
  readonly get: (name: string, studyId: string) => Promise<Kept | null>
  readonly all: () => Promise<readonly Kept[]>
  readonly put: (kept: Kept) => Promise<void>
  /** Keep it before the page is gone: what IndexedDB is asked for then may not be done any more. */
  readonly putNow: (kept: Kept) => void
  readonly drop: (name: string, studyId: string) => Promise<void>
  readonly clear: () => Promise<void>
}

const DATABASE = 'mammoset.answers'
const TABLE = 'answers'
/** Answers are waited for longer than anything else: whoever goes on without them sees another version. */
const PATIENCE_MS = 10_000

type Table = <Result>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<Result>) => Promise<Result>

export function browserKeep(): Keep {
  let opened: Promise<IDBDatabase> | null = null
  const table: Table = async (mode, ask) => {
    opened ??= open(() => (opened = null))
    const database = await opened
    return settled(ask(database.transaction(TABLE, mode).objectStore(TABLE)), PATIENCE_MS)
  }
  const found = (name: string, studyId: string) => table<Kept | undefined>('readonly', (store) => store.get([name, studyId]))
  // what was kept at the last moment belongs to the others, unless a later one is there
  const gathered = Promise.all(
    takeLast().map(async (kept) => {
      const before = await found(kept.name, kept.study_id)
      if (before === undefined || before.at < kept.at) await table('readwrite', (store) => store.put(withHistory(kept, before)))
    }),
  ).then(nothing, nothing)
  return {
    putNow: (kept) => putLast(kept),
    get: (name, studyId) => gathered.then(() => found(name, studyId)).then((kept) => kept ?? null, () => null),
    all: () => gathered.then(() => table<Kept[]>('readonly', (store) => store.getAll())).catch(() => []),
    put: (kept) => table('readwrite', (store) => store.put(kept)).then(nothing, nothing),
    drop: (name, studyId) => {
      dropLast(name, studyId)
      return table('readwrite', (store) => store.delete([name, studyId])).then(nothing, nothing)
    },
    clear: () => {
      takeLast()
      return table('readwrite', (store) => store.clear()).then(nothing, nothing)
    },
  }
}

const LAST = 'mammoset.answer '

/** Without its history where there is no room for that: IndexedDB has all of it but for the last moment. */
function putLast(kept: Kept): void {
  if (isSetLast(kept)) return
  const { history: _, ...rest } = kept
  isSetLast(rest)
}

function isSetLast(kept: Kept): boolean {
  try {
    localStorage.setItem(LAST + keyOf(kept.name, kept.study_id), JSON.stringify(kept))
    return true
  } catch {
    return false
  }
}

function withHistory(kept: Kept, before: Kept | undefined): Kept {
  const history = kept.history ?? before?.history
  return history === undefined ? kept : { ...kept, history }
}

function dropLast(name: string, studyId: string): void {
  try {
    localStorage.removeItem(LAST + keyOf(name, studyId))
  } catch {
    nothing()
  }
}

/** What was kept at the last moment of earlier pages, and is no longer kept there. */
function takeLast(): readonly Kept[] {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(LAST))
    const taken = keys.map((key) => JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null)
    for (const key of keys) localStorage.removeItem(key)
    return taken.filter((kept) => kept !== null)
  } catch {
    return []
  }
}

function nothing(): void {
  // A browser that keeps nothing: what is typed is safe as soon as the server has it.
}

function open(onClosed: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(TABLE, { keyPath: ['name', 'study_id'] }))
  // Whoever clears what this site has stored closes it; it is opened anew then.
  request.addEventListener('success', () => request.result.addEventListener('close', onClosed))
  return settled(request, PATIENCE_MS)
}

function keyOf(name: string, studyId: string): string {
  return `${name}\n${studyId}`
}

/** The same in memory, for browsers without and for tests. */
export function memoryKeep(): Keep {
  const records = new Map<string, Kept>()
  return {
    get: async (name, studyId) => records.get(keyOf(name, studyId)) ?? null,
    all: async () => [...records.values()],
    put: async (kept) => void records.set(keyOf(kept.name, kept.study_id), kept),
    putNow: (kept) => void records.set(keyOf(kept.name, kept.study_id), kept),
    drop: async (name, studyId) => void records.delete(keyOf(name, studyId)),
    clear: async () => records.clear(),
  }
}

/** The same with exams of which nothing is kept from now on: they are held, whatever their desk still says. */
export interface BarringKeep extends Keep {
  readonly bar: (studyId: string) => Promise<void>
  readonly unbar: (studyId: string) => void
}

export function barring(keep: Keep): BarringKeep {
  const barred = new Set<string>()
  return {
    ...keep,
    put: async (kept) => (barred.has(kept.study_id) ? undefined : keep.put(kept)),
    putNow: (kept) => (barred.has(kept.study_id) ? undefined : keep.putNow(kept)),
    bar: async (studyId) => {
      barred.add(studyId)
      const kept = (await keep.all()).filter(({ study_id: id }) => id === studyId)
      await Promise.all(kept.map(({ name }) => keep.drop(name, studyId)))
    },
    unbar: (studyId) => void barred.delete(studyId),
  }
}
