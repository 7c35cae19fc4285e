import type { ReviewImage, Said } from '#schema/review.ts'
import { useFormats, useWords } from '../words.ts'
import css from './review.module.css'

/** What is known of the picture in the frame: why it is looked at early, what was said of it. */
export function AboutImage({ image }: { image: ReviewImage | undefined }) {
  const { review, reviewImages: words } = useWords()
  const { number } = useFormats()
  if (image === undefined) return <div className={css.about} />
  return (
    <div className={css.about}>
      <strong>
        {review.exam(image.number)} · {image.view}
      </strong>
      <span className={css.quiet}>{words.size(number(image.columns), number(image.rows))}</span>
      {image.suspicions.map(({ code, words: told }) => (
        <span key={code} className={css.chip}>
          {words.suspicions[code] ?? told}
        </span>
      ))}
      {image.flag !== null && (
        <span className={css.flag}>
          {words.flagKinds[image.flag.kind] ?? image.flag.kind}
          {image.flag.reason !== '' && `: ${image.flag.reason}`}
        </span>
      )}
      <SaidLine said={image.said} />
      <SaidLine said={image.second} />
    </div>
  )
}

function SaidLine({ said }: { said: Said | null }) {
  const { review, reviewImages: words } = useWords()
  if (said === null) return null
  const reason = said.reason === null ? '' : ` – ${reasonIn(words.reasons, said.reason)}`
  return (
    <span className={css.said} data-verdict={said.verdict}>
      {words.said(said.by, review.verdicts[said.verdict])}
      {reason}
    </span>
  )
}

function reasonIn(reasons: Record<string, string>, reason: string): string {
  return reasons[reason] ?? reason
}
