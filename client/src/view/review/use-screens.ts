import { type RefObject, useCallback, useEffect, useMemo, useState } from 'react'
import type { ImageList, ReviewImage } from '#schema/review.ts'
import type { Sender } from '#state/review-outbox.ts'
import { useLiking } from '#state/review-look.ts'
import { useOutbox } from '#state/review-saying.ts'
import { type Area, type Grid, gridFor, looksOf, type Screen, screensOf } from '#state/review-screens.ts'
import { rejectedExams, saidOfImages, waits } from '#state/review-verdicts.ts'
import { useArea } from './use-area.ts'

export const CAPTION = 22
const GAP = 6
const SMALLEST = 100
/** Ask for more of the list when so few screens of it are left. */
const SCREENS_KEPT = 4

interface Listing {
  list: ImageList
  images: readonly ReviewImage[]
  /** Whether the list goes on behind these. */
  hasMore: boolean
  more: () => void
  sender: Sender
  stage: RefObject<HTMLElement | null>
}

/** Where a reviewer is in a list of images: on which screen, at which picture. */
export function useScreens({ list, images, hasMore, more, sender, stage }: Listing) {
  const outbox = useOutbox(sender)
  const said = useMemo(() => saidOfImages(outbox.entries, list), [outbox.entries, list])
  const rejected = useMemo(() => rejectedExams(said), [said])
  const { looks, most } = useLiking()
  const area = useArea(stage)
  const shape = useMemo(() => Math.max(...images.map((one) => one.columns / one.rows), 0.3) * looksOf(looks).length, [images, looks])
  const fitting = area === null ? most : mostThatFit(most, area, shape)
  const screens = useMemo(() => screensOf(images, fitting), [images, fitting])
  const [at, setAt] = useState(0)
  const [chosen, choose] = useState(0)
  const place = screens.findLastIndex((one) => one.start <= at)
  const screen = at < images.length ? screens[place] : undefined

  const go = useCallback(
    (start: number, picked = 0) => {
      setAt(start)
      choose(picked)
    },
    [],
  )
  useEffect(() => {
    if (hasMore && screens.length - place <= SCREENS_KEPT) more()
  }, [hasMore, more, screens.length, place])

  const isWaiting = (image: ReviewImage) => waits(image, said, rejected)
  return {
    list, images, outbox, said, rejected, looks, area, shape, screens, place, screen, hasMore, go,
    chosen: Math.min(chosen, (screen?.images.length ?? 1) - 1),
    choose,
    image: screen?.images[Math.min(chosen, screen.images.length - 1)],
    isWaiting,
    isAtEnd: at >= images.length && !hasMore,
  }
}

export type Screens = ReturnType<typeof useScreens>

/** As many as asked for, or fewer where they would be too small to look at. */
function mostThatFit(most: number, area: Area, shape: number): number {
  let fitting = most
  while (fitting > 1 && gridFor(fitting, area, shape, CAPTION + GAP).height < SMALLEST) fitting -= 1
  return fitting
}

export function gridOf(count: number, { area, shape }: Pick<Screens, 'area' | 'shape'>): Grid | null {
  if (area === null) return null
  const grid = gridFor(count, area, shape, CAPTION + GAP)
  return { ...grid, height: Math.max(40, grid.height - GAP) }
}

/**
 * The next screen on which something waits besides what is decided now; after the last, what was passed over before.
 * Behind the last image when nothing waits.
 */
export function nextStart({ screens, place, images, hasMore, isWaiting }: Screens, decided: ReadonlySet<string>): number {
  const isOpen = (screen: Screen) => screen.images.some((one) => isWaiting(one) && !decided.has(one.image_id))
  const behind = screens.slice(place + 1).find(isOpen)
  if (behind !== undefined || hasMore) return behind?.start ?? images.length
  return screens.slice(0, place + 1).find(isOpen)?.start ?? images.length
}
