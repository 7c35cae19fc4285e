// What this browser keeps of answers until the server has them: one record for each person and exam, in IndexedDB.

import type { Reading, Seconds } from '#schema/marking.ts'
import type { Decision } from './draft.ts'

/** An answer, and where its reader stood. */
export interface Kept {
  /** Whose, and of what; the two make its key. */
  readonly name: string
  readonly study_id: string
  readonly number: number
  /** On which list its reader found it. */
  readonly list: 'worklist' | 'arbitration'
  /** Whether it waits to be submitted, or is being changed after that. */
  readonly state: 'draft' | 'submission' | 'amendment'
  readonly reading: Reading
  readonly decided: Readonly<Record<string, Decision>>
  /** Of the server's draft that it was made from. */
  readonly version: number
  /** Whether it holds anything that the server may not have. */
  readonly isUnsaved: boolean
  readonly seconds: Seconds
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

type Table = <Result>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<Result>) => Promise<Result>

export function browserKeep(): Keep {
  let opened: Promise<IDBDatabase> | null = null
  const table: Table = async (mode, ask) => {
    opened ??= open()
    const database = await opened
    return settled(ask(database.transaction(TABLE, mode).objectStore(TABLE)))
  }
  const found = (name: string, studyId: string) => table<Kept | undefined>('readonly', (store) => store.get([name, studyId]))
  // what was kept at the last moment belongs to the others, unless a later one is there
  const gathered = Promise.all(
    takeLast().map(async (kept) => {
      const before = await found(kept.name, kept.study_id)
      if (before === undefined || before.at < kept.at) await table('readwrite', (store) => store.put(kept))
    }),
  ).then(nothing, nothing)
  return {
    putNow: (kept) => putLast(kept),
    get: (name, studyId) => gathered.then(() => found(name, studyId)).then((kept) => kept ?? null, () => null),
    all: () => gathered.then(() => table<Kept[]>('readonly', (store) => store.getAll())).catch(() => []),
    put: (kept) => table('readwrite', (store) => store.put(kept)).then(nothing, nothing),
    drop: (name, studyId) => table('readwrite', (store) => store.delete([name, studyId])).then(nothing, nothing),
    clear: () => {
      takeLast()
      return table('readwrite', (store) => store.clear()).then(nothing, nothing)
    },
  }
}

const LAST = 'mammoset.answer '

function putLast(kept: Kept): void {
  try {
    localStorage.setItem(LAST + keyOf(kept.name, kept.study_id), JSON.stringify(kept))
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

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(TABLE, { keyPath: ['name', 'study_id'] }))
  return settled(request)
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser keeps nothing')))
  })
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
