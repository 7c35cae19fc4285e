import { useCallback, useEffect, useState } from 'react'

export interface Notice {
  readonly text: string
  readonly kind: 'mark' | 'good' | 'bad'
}

const SHOWN_MS = 4000

/** One sentence about what was just done, or was not; gone after a while. */
export function useNotice(): [Notice | null, (text: string | null, kind?: Notice['kind']) => void] {
  const [notice, setNotice] = useState<Notice | null>(null)
  useEffect(() => {
    if (notice === null) return undefined
    const timer = setTimeout(() => setNotice(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [notice])
  const say = useCallback((text: string | null, kind: Notice['kind'] = 'mark') => {
    setNotice(text === null ? null : { text, kind })
  }, [])
  return [notice, say]
}
