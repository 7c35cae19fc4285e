import { useLayoutEffect, useRef } from 'react'
import type { Region, RegionVerdict } from '#schema/review.ts'
import { explain, Problem } from '#state/problems.ts'
import { type Previews, usePreview } from '#state/review-previews.ts'
import { useWords } from '../words.ts'
import css from './review.module.css'

interface CropProps {
  region: Region
  previews: Previews
  isRevealed: boolean
  verdict: RegionVerdict | undefined
  fault: string | undefined
}

/** The picture of a region on or near the breast, as large as there is room. */
export function Crop({ region, previews, isRevealed, verdict, fault }: CropProps) {
  const words = useWords()
  const canvas = useRef<HTMLCanvasElement>(null)
  const picture = usePreview(previews, region.crop_url ?? '')
  useLayoutEffect(() => {
    if (canvas.current === null || picture === undefined || picture instanceof Problem) return
    canvas.current.width = picture.width
    canvas.current.height = picture.height
    canvas.current.getContext('2d')?.drawImage(picture, 0, 0)
  }, [picture])
  if (region.crop_url === null || picture instanceof Problem) {
    const why = picture instanceof Problem && picture.status !== 404 ? explain(picture, words) : words.reviewRegions.noPicture
    return <p className={css.nothing}>{why}</p>
  }
  return (
    <figure className={css.crop} data-region={region.region_id} data-verdict={verdict ?? 'none'}>
      <canvas ref={canvas} role="img" aria-label={words.reviewRegions.question} data-revealed={isRevealed} />
      <figcaption>
        {verdict !== undefined && <strong>{words.review.verdicts[verdict]}</strong>}
        {fault !== undefined && (
          <span className={css.bad} role="alert">
            {words.review.refused}: {fault}
          </span>
        )}
        <span className={css.quiet}>{words.reviewRegions.detail}</span>
      </figcaption>
    </figure>
  )
}
