import { type RefObject, useEffect, useRef, useState } from 'react'
import type { ImageList, ReviewImage } from '#schema/review.ts'
import { useAnew } from '#state/review.ts'
import { likeMore, likeNextLooks, useLiking } from '#state/review-look.ts'
import { type Previews, usePreviews, usePreviewsAhead } from '#state/review-previews.ts'
import { useSender } from '#state/review-saying.ts'
import type { Screen } from '#state/review-screens.ts'
import { useKeys } from '../shell/use-keys.ts'
import { useWords } from '../words.ts'
import { AboutImage } from './about-image.tsx'
import { Cell, urlsOf } from './cell.tsx'
import { FullPicture, fullUrl } from './full-picture.tsx'
import { ImagesFoot } from './images-foot.tsx'
import { ListEnd } from './list-end.tsx'
import { RejectImage } from './reject-image.tsx'
import css from './review.module.css'
import { beside, type ImagesWork as Work, type Mode, useImagesWork } from './use-images-work.ts'
import { useNotice } from './use-notice.ts'
import { useReady } from './use-ready.ts'
import { gridOf, type Screens, useScreens } from './use-screens.ts'
import { NoticeLine } from './work-bar.tsx'

const AHEAD = 3
const PAN = 0.25

interface ImagesWorkProps {
  list: ImageList
  images: readonly ReviewImage[]
  hasMore: boolean
  more: () => void
  shown: string | null
  onShown: () => void
}

export function ImagesWork({ list, images, hasMore, more, shown, onShown }: ImagesWorkProps) {
  const sender = useSender()
  const anew = useAnew()
  const stage = useRef<HTMLDivElement>(null)
  const full = useRef<HTMLDivElement>(null)
  const previews = usePreviews()
  const [notice, say] = useNotice()
  const screens = useScreens({ list, images, hasMore, more, sender, stage })
  const [mode, setMode] = useState<Mode>('grid')
  const onScreen = shownOf(screens, mode)
  const urls = onScreen.flatMap((one) => urlsAt(one, onScreen.length, screens))
  const ready = useReady(urls)
  const hasFailed = (image: ReviewImage) => urlsAt(image, onScreen.length, screens).some((url) => ready.failed.has(url))
  const work = useImagesWork({ screens, sender, say, mode, setMode, ...ready, hasFailed })
  usePreviewsAhead(previews, ahead(screens, work.mode, urls))
  useShown(shown, screens, onShown)
  useImageKeys(screens, work, full)
  const restart = () => {
    sender.forget((saying) => saying.kind === 'image' && saying.list === list)
    void anew.restart('images')
  }
  return (
    <>
      <AboutImage image={screens.image} />
      <div ref={stage} className={css.stage} data-ready={ready.isReady} data-mode={work.mode}>
        {screens.isAtEnd && <ListEnd hasOpen={images.some(screens.isWaiting)} onAgain={restart} />}
        {work.mode === 'full' && screens.image !== undefined ? (
          <FullPicture
            key={screens.image.image_id}
            image={screens.image}
            previews={previews}
            looks={screens.looks}
            meanwhile={urlsAt(screens.image, 1, screens).at(screens.looks === 'reveal' ? -1 : 0) ?? ''}
            box={full}
          />
        ) : (
          <Pictures images={onScreen} screens={screens} previews={previews} work={work} onPainted={ready.onPainted} />
        )}
      </div>
      {work.isAsking && screens.image !== undefined && (
        <RejectImage
          isRejected={isRejected(screens, screens.image)}
          onReject={work.reject}
          onClose={() => work.ask(false)}
        />
      )}
      <NoticeLine notice={notice} />
      <ImagesFoot screens={screens} work={work} isReady={ready.isReady} />
    </>
  )
}

function isRejected({ said }: Screens, image: ReviewImage): boolean {
  return (said.get(image.image_id) ?? image.said)?.verdict === 'reject'
}

/** The images that are on the screen now: all of it, or the chosen one alone. */
function shownOf({ screen, image }: Screens, mode: Mode): readonly ReviewImage[] {
  if (mode === 'large') return image === undefined ? [] : [image]
  return screen?.images ?? []
}

function urlsAt(image: ReviewImage, count: number, screens: Screens): string[] {
  const grid = gridOf(count, screens)
  return grid === null ? [] : urlsOf(image, grid.height, screens.looks)
}

/** What is needed now, on the next screens, and when a key enlarges the chosen picture, in this order. */
function ahead(screens: Screens, mode: Mode, now: readonly string[]): string[] {
  const ofScreen = (screen: Screen | undefined) =>
    screen?.images.flatMap((one) => urlsAt(one, screen.images.length, screens)) ?? []
  const next = Array.from({ length: AHEAD }, (_, n) => ofScreen(screens.screens[screens.place + 1 + n]))
  const { image, looks } = screens
  const large = image === undefined ? [] : urlsAt(image, 1, screens)
  const full = mode === 'full' && image !== undefined ? [fullUrl(image, looks)] : []
  const whole = ofScreen(screens.screen)
  const before = ofScreen(screens.screens[screens.place - 1])
  return [...new Set([...full, ...now, ...whole, ...(next[0] ?? []), ...large, ...next.slice(1).flat(), ...before])]
}

interface PicturesProps {
  images: readonly ReviewImage[]
  screens: Screens
  previews: Previews
  work: Work
  onPainted: (url: string, hasFailed: boolean) => void
}

function Pictures({ images, screens, previews, work, onPainted }: PicturesProps) {
  const { reviewImages: words } = useWords()
  const grid = gridOf(images.length, screens)
  if (grid === null || images.length === 0) return null
  return (
    <div className={css.grid} role="listbox" aria-label={words.title} style={{ gridTemplateColumns: `repeat(${grid.columns}, 1fr)` }}>
      {images.map((image, place) => (
        <Cell
          key={image.image_id}
          image={image}
          screens={screens}
          previews={previews}
          height={grid.height}
          isChosen={images.length > 1 && place === screens.chosen}
          onChoose={() => work.mode === 'grid' && screens.choose(place)}
          onEnlarge={() => work.setMode(work.mode === 'grid' ? 'large' : 'grid')}
          onPainted={onPainted}
        />
      ))}
    </div>
  )
}

function useImageKeys(screens: Screens, work: Work, full: RefObject<HTMLDivElement | null>): void {
  const { chosen, screen } = screens
  const count = screen?.images.length ?? 0
  const columns = gridOf(count, screens)?.columns ?? 1
  const move = (right: number, down: number) => {
    if (work.mode === 'full') {
      const box = full.current
      box?.scrollBy(right * box.clientWidth * PAN, down * box.clientHeight * PAN)
    } else screens.choose(beside(chosen, [right, down], columns, count))
  }
  const toScreen = (by: 1 | -1) => {
    work.setMode('grid')
    const found = screens.screens[screens.isAtEnd ? screens.screens.length - 1 : screens.place + by]
    screens.go(found?.start ?? (by === 1 ? screens.images.length : 0))
  }
  const { looks } = useLiking()
  useKeys('images', {
    imagesApprove: work.approve,
    imageReject: work.askWhy,
    imagesUndo: work.undo,
    imageLeft: () => move(-1, 0),
    imageRight: () => move(1, 0),
    imageUp: () => move(0, -1),
    imageDown: () => move(0, 1),
    // pixel by pixel there is room for one look
    imageLooks: () => {
      likeNextLooks()
      if (work.mode === 'full' && looks === 'reveal') likeNextLooks()
    },
    imageEnlarge: () => count > 1 && work.setMode(work.mode === 'large' ? 'grid' : 'large'),
    imageFull: () => count > 0 && work.setMode(work.mode === 'full' ? 'grid' : 'full'),
    imageBack: () => work.setMode('grid'),
    screenNext: () => toScreen(1),
    screenBefore: () => toScreen(-1),
    fewer: () => likeMore(-1),
    more: () => likeMore(1),
  })
}

/** Bring the screen of an image forward when somebody asks for it. */
function useShown(shown: string | null, screens: Screens, onShown: () => void): void {
  const { images, go, screens: all } = screens
  useEffect(() => {
    if (shown === null) return
    const at = images.findIndex((one) => one.image_id === shown)
    const start = all.findLast((one) => one.start <= at)?.start
    if (start !== undefined) go(start, at - start)
    onShown()
  }, [shown, images, all, go, onShown])
}
