import { useReviewImage } from '#state/review.ts'
import { usePreviews, usePreviewsAhead } from '#state/review-previews.ts'
import { pictureUrl } from '#state/review-screens.ts'
import { useWords } from '../words.ts'
import { Picture } from './picture.tsx'
import css from './review.module.css'

const HEIGHT = '864'
const LOOKS = ['window', 'reveal'] as const

/** An image that holds the value, both ways, over the values. */
export function Example({ imageId, onClose }: { imageId: string | null; onClose: () => void }) {
  const { review, reviewValues: words, reviewImages } = useWords()
  const image = useReviewImage(imageId).data
  const previews = usePreviews()
  const urls = image === undefined ? [] : LOOKS.map((look) => pictureUrl(image, HEIGHT, look))
  usePreviewsAhead(previews, urls)
  return (
    <aside className={css.example} aria-label={words.example}>
      <header>
        <strong>{words.example}</strong>
        {image !== undefined && (
          <span className={css.quiet}>
            {review.exam(image.number)} · {image.view}
          </span>
        )}
        <button type="button" className={css.link} onClick={onClose}>
          {reviewImages.close} <kbd>E</kbd>
        </button>
      </header>
      {imageId === null && <p className={css.nothing}>{words.noExample}</p>}
      <div className={css.pair}>
        {image !== undefined &&
          LOOKS.map((look) => (
            <div key={look} className={css.look} data-look={look}>
              <Picture
                previews={previews}
                url={pictureUrl(image, HEIGHT, look)}
                image={image}
                label={reviewImages.picture(image.number, image.view, reviewImages.lookNames[look])}
              />
            </div>
          ))}
      </div>
    </aside>
  )
}
