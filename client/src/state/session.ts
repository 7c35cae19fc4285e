import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { changePassword, getMe, getSignInOptions, providerAddress, signIn, signOut } from '#api/session.ts'
import type { Me } from '#schema/reading-room.ts'
import { SESSION, type Session } from './store.ts'

export { providerAddress }

const FIVE_MINUTES = 300_000

export function useSession() {
  return useQuery({
    queryKey: SESSION,
    queryFn: async ({ signal }): Promise<Session> => ({ me: await getMe(signal), hasEnded: false }),
    staleTime: FIVE_MINUTES,
    gcTime: Infinity,
  })
}

/** The person who is signed in. @throws Error outside of pages that somebody has to be signed in for. */
export function useMe(): Me {
  const { data } = useSession()
  if (!data?.me) throw new Error('nobody is signed in')
  return data.me
}

export function useSignInOptions() {
  return useQuery({ queryKey: ['sign-in'], queryFn: ({ signal }) => getSignInOptions(signal), staleTime: FIVE_MINUTES })
}

export function useSignIn() {
  const store = useQueryClient()
  return useMutation({
    mutationFn: ({ name, password }: { name: string; password: string }) => signIn(name, password),
    meta: { answers401: true },
    onSuccess: (me) => {
      // What another person was shown must not be seen by this one.
      store.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] })
      store.setQueryData<Session>(SESSION, { me, hasEnded: false })
    },
  })
}

const unsent = new Set<() => Promise<unknown>>()

/** Have something sent before the session is ended from here. Returns what takes that back. */
export function sendBeforeSignOut(send: () => Promise<unknown>): () => void {
  unsent.add(send)
  return () => unsent.delete(send)
}

async function leave(): Promise<void> {
  await Promise.allSettled([...unsent].map((send) => send()))
  await signOut()
}

export function useSignOut() {
  return useMutation({ mutationFn: leave, meta: { answers401: true } })
}

export function useChangePassword() {
  const store = useQueryClient()
  return useMutation({
    mutationFn: ({ current, next }: { current: string; next: string }) => changePassword(current, next),
    // The server gives this browser a new session, with another token.
    onSuccess: () => store.invalidateQueries({ queryKey: SESSION }),
  })
}
