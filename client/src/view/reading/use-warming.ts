import { useEffect } from 'react'
import { useForgetting, usePrefetching } from '#state/viewing.ts'

/** On a list of exams: have the viewer and the exams to be opened next at hand before one is. */
export function useWarming(list: 'worklist' | 'arbitration'): void {
  useForgetting()
  usePrefetching(null, true, list)
  useEffect(() => {
    import('./reading-page.tsx').catch(() => null)
  }, [])
}
