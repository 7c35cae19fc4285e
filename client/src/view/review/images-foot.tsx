import { likeMore, likeNextLooks, likePart, useLiking } from '#state/review-look.ts'
import { ALL, type Part, PARTS } from '#state/review-screens.ts'
import { useFormats, useWords } from '../words.ts'
import { Act, Foot } from './foot.tsx'
import css from './review.module.css'
import type { ImagesWork } from './use-images-work.ts'
import type { Screens } from './use-screens.ts'

export function ImagesFoot({ screens, work, isReady }: { screens: Screens; work: ImagesWork; isReady: boolean }) {
  const { review, reviewImages: words } = useWords()
  const { number } = useFormats()
  const { looks, most } = useLiking()
  const { screen } = screens
  const waiting = screen?.images.filter(screens.isWaiting).length ?? 0
  return (
    <Foot>
      {work.inBulk && (
        <Act
          sign="A"
          kind="approve"
          name={waiting === 0 ? words.goOn : words.approveScreen(waiting)}
          isOff={!isReady || screen === undefined}
          onClick={work.approve}
        />
      )}
      {screens.list === 'rejected' && <Act sign="A" kind="approve" name={review.approve} onClick={work.approve} />}
      <Act sign="R" kind="reject" name={words.rejectOne} isOff={screen === undefined} onClick={work.askWhy} />
      <Act sign="U" name={review.undo} onClick={work.undo} />
      <span className={css.footGap} />
      {screens.list === 'pending' && <Parts />}
      <Act sign="V" name={words.looks[looks]} onClick={likeNextLooks} />
      <Act sign="Z" name={words.full} isPressed={work.mode === 'full'} onClick={() => work.setMode(work.mode === 'full' ? 'grid' : 'full')} />
      <span className={css.sizes} role="group" aria-label={words.perScreen}>
        <button type="button" aria-label={words.fewer} title={words.fewer} onClick={() => likeMore(-1)}>
          +
        </button>
        <span title={words.perScreen}>{number(most)}</span>
        <button type="button" aria-label={words.more} title={words.more} onClick={() => likeMore(1)}>
          −
        </button>
      </span>
    </Foot>
  )
}

/** Which part of the exams to look at, so that several people can share them. */
function Parts() {
  const { reviewImages: words } = useWords()
  const { part } = useLiking()
  const nameOf = ({ which, of }: Part) => (of === 1 ? words.allExams : words.part(which, of))
  return (
    <select
      className={css.select}
      aria-label={words.parts}
      title={words.parts}
      value={PARTS.findIndex((one) => one.which === part.which && one.of === part.of)}
      onChange={(event) => {
        likePart(PARTS[Number(event.currentTarget.value)] ?? ALL)
        event.currentTarget.blur()
      }}
    >
      {PARTS.map((one, place) => (
        <option key={nameOf(one)} value={place}>
          {nameOf(one)}
        </option>
      ))}
    </select>
  )
}
