import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { changePassword, getSignInOptions, providerAddress, signIn } from '#api/session.ts'
import type { Me } from '#schema/reading-room.ts'
import { leave, sendBeforeSignOut, sessionNow, settleIn } from './session-now.ts'
import { SESSION, type Session } from './store.ts'

export { providerAddress, sendBeforeSignOut }

const FIVE_MINUTES = 300_000
/** How often a server that is not there is asked whether it is. */
const KNOCK_MS = 5000

export function useSession() {
  const store = useQueryClient()
  return useQuery({
    queryKey: SESSION,
    queryFn: ({ signal }) => sessionNow(store, signal),
    staleTime: FIVE_MINUTES,
    gcTime: Infinity,
    refetchInterval: ({ state }) => (state.data?.isKept === true && KNOCK_MS),
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
    onSuccess: async (me) => {
      await settleIn(me)
      // What another person was shown must not be seen by this one.
      store.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] })
      store.setQueryData<Session>(SESSION, { me, hasEnded: false })
    },
  })
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
