import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failed } from './failed.tsx'

interface LoadedProps<Data> {
  query: UseQueryResult<Data>
  /** Of the shape of what is to come. */
  skeleton: ReactNode
  children: (data: Data) => ReactNode
}

/** What a query gave; its skeleton until then; what went wrong if nothing was ever given. */
export function Loaded<Data>({ query, skeleton, children }: LoadedProps<Data>): ReactNode {
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && <Failed error={query.error} onAgain={() => void query.refetch()} isSmall />}
        {children(query.data)}
      </>
    )
  }
  if (query.isError) return <Failed error={query.error} onAgain={() => void query.refetch()} />
  return skeleton
}
