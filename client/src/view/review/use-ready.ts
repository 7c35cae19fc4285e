import { useCallback, useEffect, useState } from 'react'

/** Nobody looks at a picture in less: an earlier key is taken for a slip of the finger. */
export const LOOK_MS = 300

interface Painted {
  readonly key: string
  readonly urls: ReadonlyMap<string, boolean>
}

/** Whether every picture of a screen has been on it, and long enough to be looked at; and which cannot be shown. */
export function useReady(urls: readonly string[]) {
  const key = urls.join('\n')
  const [painted, setPainted] = useState<Painted>({ key, urls: new Map() })
  const [readyKey, setReadyKey] = useState<string | null>(null)
  const onPainted = useCallback(
    (url: string, hasFailed: boolean) =>
      setPainted((now) => ({ key, urls: new Map(now.key === key ? now.urls : []).set(url, hasFailed) })),
    [key],
  )
  const here = painted.key === key ? painted.urls : NONE
  const isPainted = urls.length > 0 && urls.every((url) => here.has(url))
  useEffect(() => {
    if (!isPainted) return undefined
    const timer = setTimeout(() => setReadyKey(key), LOOK_MS)
    return () => clearTimeout(timer)
  }, [isPainted, key])
  const failed = new Set([...here].filter(([, hasFailed]) => hasFailed).map(([url]) => url))
  return { isPainted, isReady: isPainted && readyKey === key, failed, onPainted }
}

const NONE: ReadonlyMap<string, boolean> = new Map()
