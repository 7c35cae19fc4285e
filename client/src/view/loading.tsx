import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { PageSkeleton } from './parts/skeletons.tsx'

type Load = () => Promise<{ default: ComponentType }>

/** Pages whose code is here. */
const loaded = new Map<Load, ReactNode>()

export async function load(page: Load): Promise<void> {
  const { default: Content } = await page()
  loaded.set(page, <Content />)
}

/**
 * A page whose code is loaded when it is shown first. `lazy` and `Suspense` would keep it back for 300 ms once they have
 * shown a skeleton.
 */
export function Loading({ page }: { page: Load }): ReactNode {
  const [, become] = useState<unknown>(null)
  const content = loaded.get(page)
  const isThere = content !== undefined
  useEffect(() => {
    if (isThere) return
    const fail = (error: unknown) =>
      become(() => {
        throw error
      })
    load(page).then(() => become({}), fail)
  }, [page, isThere])
  return content ?? <PageSkeleton />
}
