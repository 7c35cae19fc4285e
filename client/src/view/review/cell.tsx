import type { ReviewImage } from '#schema/review.ts'
import type { Previews } from '#state/review-previews.ts'
import { looksOf, pictureFor, pictureUrl } from '#state/review-screens.ts'
import type { ImageSaying } from '#state/review-outbox.ts'
import { useWords } from '../words.ts'
import { Tick } from './element-list.tsx'
import { Picture } from './picture.tsx'
import css from './review.module.css'
import type { Screens } from './use-screens.ts'
import { Cross } from './value-list.tsx'

interface CellProps {
  image: ReviewImage
  screens: Screens
  previews: Previews
  /** Of the picture, in pixels of the page. */
  height: number
  isChosen: boolean
  onChoose: () => void
  onEnlarge: () => void
  onPainted: (url: string, hasFailed: boolean) => void
}

/** The addresses of the pictures of an image at a height on the page. */
export function urlsOf(image: ReviewImage, height: number, looks: Screens['looks']): string[] {
  const size = pictureFor(height * globalThis.devicePixelRatio)
  return looksOf(looks).map((look) => pictureUrl(image, size, look))
}

/** An image on a screen: its looks side by side, what was said of it. */
export function Cell({ image, screens, previews, height, isChosen, onChoose, onEnlarge, onPainted }: CellProps) {
  const { reviewImages: words } = useWords()
  const said = screens.said.get(image.image_id)
  const isOut = said === undefined && screens.rejected.has(image.study_id)
  const looks = looksOf(screens.looks)
  const urls = urlsOf(image, height, screens.looks)
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys of the page move and choose
    <div
      role="option"
      aria-selected={isChosen}
      tabIndex={isChosen ? 0 : -1}
      className={css.cell}
      data-image={image.image_id}
      data-chosen={isChosen}
      data-verdict={said?.verdict ?? (isOut ? 'out' : 'none')}
      onClick={onChoose}
      onDoubleClick={onEnlarge}
    >
      <div className={css.pair} style={{ height }}>
        {looks.map((look, place) => (
          <div key={look} className={css.look} data-look={look}>
            <Picture
              previews={previews}
              url={urls[place] ?? ''}
              image={image}
              label={words.picture(image.number, image.view, words.lookNames[look])}
              onPainted={onPainted}
            />
            <Boxes image={image} />
          </div>
        ))}
      </div>
      <Caption image={image} said={said} isOut={isOut} fault={screens.outbox.faults.get(image.image_id)} />
    </div>
  )
}

interface CaptionProps {
  image: ReviewImage
  said: ImageSaying | undefined
  isOut: boolean
  fault: string | undefined
}

function Caption({ image, said, isOut, fault }: CaptionProps) {
  const { review, reviewImages: words } = useWords()
  const reason = said?.reason ?? null
  return (
    <div className={css.caption}>
      {said?.verdict === 'approve' && <Tick label={review.verdicts.approve} />}
      {said?.verdict === 'reject' && <Cross label={review.verdicts.reject} />}
      <span className={css.name}>
        {review.exam(image.number)} · {image.view}
      </span>
      {reason !== null && <span className={css.bad}>{words.reasons[reason]}</span>}
      {isOut && <span className={css.bad}>{words.examRejected}</span>}
      {fault !== undefined && (
        <span className={css.bad} role="alert">
          {review.refused}: {fault}
        </span>
      )}
    </div>
  )
}

/** What people masked or kept on or near the breast, in stored pixels. */
function Boxes({ image }: { image: ReviewImage }) {
  if (image.regions.length === 0) return null
  return (
    <svg className={css.boxes} viewBox={`0 0 ${image.columns} ${image.rows}`} aria-hidden="true">
      {image.regions.map(({ region_id, box, verdict }) => {
        const [xmin = 0, ymin = 0, xmax = 0, ymax = 0] = box
        return <rect key={region_id} x={xmin} y={ymin} width={xmax - xmin} height={ymax - ymin} data-verdict={verdict} />
      })}
    </svg>
  )
}
