import { lazy, Suspense } from 'react'
import { createBrowserRouter, Navigate, type RouteObject } from 'react-router'
import type { Role } from '#schema/reading-room.ts'
import { mayOpen } from '#state/access.ts'
import { useMe } from '#state/session.ts'
import { PAGES, type Page } from './pages.ts'
import { NotForYou, NotFound } from './parts/nothing.tsx'
import { PageSkeleton } from './parts/skeletons.tsx'
import { Broken } from './shell/broken.tsx'
import { Guarded } from './shell/guarded.tsx'
import { SignInPage } from './signing-in/sign-in-page.tsx'

export function makeRouter() {
  return createBrowserRouter([
    { path: '/sign-in', element: <SignInPage />, errorElement: <Broken /> },
    {
      element: <Guarded />,
      errorElement: <Broken />,
      children: [{ index: true, element: <Start /> }, ...PAGES.map(routeOf), { path: '*', element: <NotFound /> }],
    },
  ])
}

function routeOf({ path, roles, load }: Page): RouteObject {
  const Content = lazy(load)
  return {
    path,
    element: (
      <ForRoles roles={roles}>
        <Suspense fallback={<PageSkeleton />}>
          <Content />
        </Suspense>
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
