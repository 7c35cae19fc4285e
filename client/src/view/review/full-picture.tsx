import { type PointerEvent, type RefObject, useLayoutEffect, useRef } from 'react'
import type { ReviewImage } from '#schema/review.ts'
import type { Previews } from '#state/review-previews.ts'
import { looksOf, type Looks, pictureUrl } from '#state/review-screens.ts'
import { useWords } from '../words.ts'
import { Picture } from './picture.tsx'
import css from './review.module.css'

interface FullPictureProps {
  image: ReviewImage
  previews: Previews
  looks: Looks
  /** Shown, enlarged, until every pixel is there. */
  meanwhile: string
  box: RefObject<HTMLDivElement | null>
}

export function fullUrl(image: ReviewImage, looks: Looks): string {
  return pictureUrl(image, 'full', looksOf(looks)[0] ?? 'window')
}

/** One pixel of the image on one of the screen, to be moved by the arrow keys or the mouse. */
export function FullPicture({ image, previews, looks, meanwhile, box }: FullPictureProps) {
  const { reviewImages: words } = useWords()
  const held = useRef<{ x: number; y: number } | null>(null)
  useLayoutEffect(() => {
    const one = box.current
    one?.scrollTo({ left: (one.scrollWidth - one.clientWidth) / 2, top: (one.scrollHeight - one.clientHeight) / 2 })
  }, [box])
  const onPointerMove = (event: PointerEvent) => {
    if (held.current === null) return
    box.current?.scrollBy(held.current.x - event.clientX, held.current.y - event.clientY)
    held.current = { x: event.clientX, y: event.clientY }
  }
  const look = looksOf(looks)[0] ?? 'window'
  return (
    <div
      ref={box}
      className={css.full}
      onPointerDown={(event) => {
        held.current = { x: event.clientX, y: event.clientY }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        held.current = null
      }}
    >
      <div className={css.look} data-look={look} style={{ width: image.columns / globalThis.devicePixelRatio, height: image.rows / globalThis.devicePixelRatio }}>
        <Picture
          previews={previews}
          url={fullUrl(image, looks)}
          meanwhile={meanwhile}
          image={image}
          label={words.picture(image.number, image.view, words.lookNames[look])}
        />
      </div>
    </div>
  )
}
