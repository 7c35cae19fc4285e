import { Navigate, useLocation } from 'react-router'
import { useSession } from '#state/session.ts'
import { Failed } from '../parts/failed.tsx'
import { PageSkeleton } from '../parts/skeletons.tsx'
import { Shell } from './shell.tsx'

const ACCOUNT = '/account'

/** Pages for somebody who is signed in, with a password of their own; others are led there and come back. */
export function Guarded() {
  const session = useSession()
  const here = useLocation()
  if (session.isPending) return <PageSkeleton />
  if (session.data === undefined) return <Failed error={session.error} onAgain={() => void session.refetch()} />
  const { me, hasEnded } = session.data
  if (me === null) {
    const next = encodeURIComponent(`${here.pathname}${here.search}${here.hash}`)
    return <Navigate to={`/sign-in?next=${next}`} state={{ hasEnded }} replace />
  }
  if (me.must_change_password && here.pathname !== ACCOUNT) return <Navigate to={ACCOUNT} replace />
  return <Shell me={me} />
}
