import { createBrowserRouter, matchPath, Navigate, type RouteObject } from 'react-router'
import type { Role } from '#schema/reading-room.ts'
import { mayOpen } from '#state/access.ts'
import { useMe } from '#state/session.ts'
import { load, Loading } from './loading.tsx'
import { PAGES, type Page } from './pages.ts'
import { NotForYou, NotFound } from './parts/nothing.tsx'
import { Broken } from './shell/broken.tsx'
import { Guarded } from './shell/guarded.tsx'
import { SignInPage } from './signing-in/sign-in-page.tsx'

export function makeRouter() {
  // The page that is asked for, while the server says who asks.
  const first = PAGES.find(({ path }) => matchPath(path, globalThis.location.pathname))
  if (first !== undefined) load(first.load).catch(() => null)
  return createBrowserRouter([
    { path: '/sign-in', element: <SignInPage />, errorElement: <Broken /> },
    {
      element: <Guarded />,
      errorElement: <Broken />,
      children: [{ index: true, element: <Start /> }, ...PAGES.map(routeOf), { path: '*', element: <NotFound /> }],
    },
  ])
}

function routeOf({ path, roles, load: page }: Page): RouteObject {
  return {
    path,
    element: (
      <ForRoles roles={roles}>
        <Loading key={path} page={page} />
      </ForRoles>
    ),
    errorElement: <Broken />,
  }
}

function ForRoles({ roles, children }: { roles: readonly Role[]; children: React.ReactNode }) {
  return mayOpen(useMe(), roles) ? children : <NotForYou />
}

/** The first page of the table that this person works on. */
function Start() {
  const me = useMe()
  const first = PAGES.find((page) => page.name !== undefined && mayOpen(me, page.roles))
  return <Navigate to={first?.path ?? '/account'} replace />
}
