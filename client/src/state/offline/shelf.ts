// Where this browser keeps what it needs of an exam to go on without the server: in IndexedDB, all of one person.

/** An answer of the server. */
export interface Shelved {
  readonly key: string
  /** The exam that it is about; '' for one that is about none. */
  readonly study_id: string
  readonly answer: unknown
  /** When it was given, in milliseconds since 1970. */
  readonly at: number
  /** Of which description of the server's answers it is; one of another is not understood. */
  readonly schema: string
}

/** Bytes of a code stream. */
export interface Piece {
  readonly key: string
  readonly study_id: string
  readonly from: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What cannot be kept is as if it had never been there. */
export interface Shelf {
  readonly get: (key: string) => Promise<Shelved | null>
  readonly all: () => Promise<readonly Shelved[]>
  readonly put: (shelved: Shelved) => Promise<void>
  /** Those that begin before `end`. */
  readonly pieces: (key: string, end: number) => Promise<readonly Piece[]>
  readonly putPiece: (piece: Piece) => Promise<void>
  /** Forget everything of an exam. */
  readonly forget: (studyId: string) => Promise<void>
  readonly clear: () => Promise<void>
}

const DATABASE = 'mammoset.exams'
const ANSWERS = 'answers'
const PIECES = 'pieces'
const BY_STUDY = 'study_id'

export function browserShelf(): Shelf {
  let opened: Promise<IDBDatabase> | null = null
  const database = () => {
    opened ??= open(() => (opened = null))
    return opened
  }
  const asked = async <Result>(table: string, ask: (store: IDBObjectStore) => IDBRequest<Result>, mode: IDBTransactionMode = 'readonly') =>
    settled(ask((await database()).transaction(table, mode).objectStore(table)))
  const changed = (tables: string[], change: (store: IDBObjectStore) => void) =>
    database()
      .then((found) => {
        const transaction = found.transaction(tables, 'readwrite')
        for (const table of tables) change(transaction.objectStore(table))
        return done(transaction)
      })
      .catch(() => undefined)
  return {
    get: (key) => asked<Shelved | undefined>(ANSWERS, (store) => store.get(key)).then((found) => found ?? null, () => null),
    all: () => asked<Shelved[]>(ANSWERS, (store) => store.getAll()).catch(() => []),
    put: (shelved) => changed([ANSWERS], (store) => void store.put(shelved)),
    pieces: (key, end) => asked<Piece[]>(PIECES, (store) => store.getAll(IDBKeyRange.bound([key], [key, end], false, true))).catch(() => []),
    putPiece: (piece) => changed([PIECES], (store) => void store.put(piece)),
    forget: (studyId) => changed([ANSWERS, PIECES], (store) => forgetIn(store, studyId)),
    clear: () => changed([ANSWERS, PIECES], (store) => void store.clear()),
  }
}

function forgetIn(store: IDBObjectStore, studyId: string): void {
  const finding = store.index(BY_STUDY).getAllKeys(studyId)
  finding.addEventListener('success', () => {
    for (const key of finding.result) store.delete(key)
  })
}

function open(onClosed: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(ANSWERS, { keyPath: 'key' }).createIndex(BY_STUDY, BY_STUDY)
    request.result.createObjectStore(PIECES, { keyPath: ['key', 'from'] }).createIndex(BY_STUDY, BY_STUDY)
  })
  // Whoever clears what this site has stored closes it; it is opened anew then.
  request.addEventListener('success', () => request.result.addEventListener('close', onClosed))
  return settled(request)
}

const LONGEST_MS = 3000

/** What a database answers; one that is deleted meanwhile, or broken, may never do. */
export function settled<Result>(request: IDBRequest<Result>, longest = LONGEST_MS): Promise<Result> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('the browser does not answer')), longest)
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser keeps nothing')))
  })
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('the browser does not answer')), LONGEST_MS)
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('the browser keeps nothing')))
  })
}

/** The same in memory, for tests. */
export function memoryShelf(): Shelf {
  const answers = new Map<string, Shelved>()
  const pieces = new Map<string, Piece>()
  return {
    get: async (key) => answers.get(key) ?? null,
    all: async () => [...answers.values()],
    put: async (shelved) => void answers.set(shelved.key, shelved),
    pieces: async (key, end) => [...pieces.values()].filter((one) => one.key === key && one.from < end),
    putPiece: async (piece) => void pieces.set(`${piece.key} ${piece.from}`, piece),
    forget: async (studyId) => {
      without(answers, studyId)
      without(pieces, studyId)
    },
    clear: async () => {
      answers.clear()
      pieces.clear()
    },
  }
}

function without(kept: Map<string, { readonly study_id: string }>, studyId: string): void {
  for (const [key, one] of kept) if (one.study_id === studyId) kept.delete(key)
}
