import { useSyncExternalStore } from 'react'
import { ALL, LOOKS, type Looks, type Part, SIZES } from './review-screens.ts'

/** How a reviewer likes the pictures; kept while the page is open. */
export interface Liking {
  readonly looks: Looks
  /** How many pictures stand on a screen at most. */
  readonly most: number
  /** Which part of the exams this person looks at, where several share the work. */
  readonly part: Part
}

const listeners = new Set<() => void>()
let kept: Liking = { looks: 'both', most: 12, part: ALL }

export function useLiking(): Liking {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => kept,
  )
}

function like(change: Partial<Liking>): void {
  kept = { ...kept, ...change }
  for (const listener of listeners) listener()
}

export function likeLooks(looks: Looks): void {
  like({ looks })
}

export function likeNextLooks(): void {
  like({ looks: LOOKS[(LOOKS.indexOf(kept.looks) + 1) % LOOKS.length] ?? 'both' })
}

export function likePart(part: Part): void {
  like({ part })
}

/** More pictures on a screen (1) or fewer (-1). */
export function likeMore(by: 1 | -1): void {
  const place = Math.min(Math.max(SIZES.indexOf(kept.most) + by, 0), SIZES.length - 1)
  like({ most: SIZES[place] ?? kept.most })
}
