import { useEffect, useLayoutEffect, useRef } from 'react'
import type { ReviewImage } from '#schema/review.ts'
import { type Previews, usePreview } from '#state/review-previews.ts'
import { explain, Problem } from '#state/problems.ts'
import { useWords } from '../words.ts'
import css from './review.module.css'

interface PictureProps {
  previews: Previews
  url: string
  image: ReviewImage
  label: string
  /** Shown until the picture is there: the same in another size. */
  meanwhile?: string
  /** The picture is on the screen; `hasFailed` when it never will be. */
  onPainted?: (url: string, hasFailed: boolean) => void
}

/** A preview on a canvas: nothing of it is kept outside of the page's memory. */
export function Picture({ previews, url, image, label, meanwhile = url, onPainted }: PictureProps) {
  const words = useWords()
  const canvas = useRef<HTMLCanvasElement>(null)
  const own = usePreview(previews, url)
  const other = usePreview(previews, meanwhile)
  const shown = own ?? other
  useLayoutEffect(() => {
    if (canvas.current !== null && shown !== undefined && !(shown instanceof Problem)) draw(canvas.current, shown)
  }, [shown])
  usePainted(own !== undefined, own instanceof Problem, url, onPainted)
  if (own instanceof Problem) {
    return (
      <div className={css.failedPicture} role="img" aria-label={label}>
        {own.status === 409 ? words.reviewImages.madeAgain : explain(own, words)}
      </div>
    )
  }
  return (
    <canvas
      ref={canvas}
      className={css.picture}
      role="img"
      aria-label={label}
      aria-busy={own === undefined}
      style={{ aspectRatio: `${image.columns} / ${image.rows}` }}
    />
  )
}

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap): void {
  canvas.width = picture.width
  canvas.height = picture.height
  canvas.getContext('2d', { alpha: false })?.drawImage(picture, 0, 0)
}

/** Tell when a picture has been on the screen for a frame: two frames after it was drawn. */
function usePainted(isThere: boolean, hasFailed: boolean, url: string, onPainted: PictureProps['onPainted']): void {
  useEffect(() => {
    if (!isThere || onPainted === undefined) return undefined
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => onPainted(url, hasFailed))
    })
    return () => cancelAnimationFrame(frame)
  }, [isThere, hasFailed, url, onPainted])
}
