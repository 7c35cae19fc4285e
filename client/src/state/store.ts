import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { isSignedOut, mayPass } from '#api/problem.ts'
import type { Me } from '#schema/reading-room.ts'

export const SESSION = ['session'] as const

/** Who is signed in; `hasEnded` when it was somebody until the server said otherwise. */
export interface Session {
  me: Me | null
  hasEnded: boolean
  /** As the server has said it last: it is not there now. */
  isKept?: boolean
}

declare module '@tanstack/react-query' {
  interface Register {
    /** `answers401`: a 401 answers what was asked, and does not end the session. */
    mutationMeta: { answers401?: boolean }
  }
}

const RETRIES = 2

export function makeStore(): QueryClient {
  const store: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => endSessionOn(error, store) }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (mutation.meta?.answers401 !== true) endSessionOn(error, store)
      },
    }),
    defaultOptions: {
      // Without a connection too: what is kept is shown then, and nobody waits for what does not come.
      queries: { retry: (times, error) => times < RETRIES && mayPass(error), staleTime: 10_000, networkMode: 'always', refetchOnReconnect: true },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
  return store
}

function endSessionOn(error: unknown, store: QueryClient): void {
  if (isSignedOut(error)) store.setQueryData<Session>(SESSION, { me: null, hasEnded: true })
}
