import { Button } from '@mantine/core'
import { Link, useNavigate } from 'react-router'
import type { Summary } from '#schema/review.ts'
import { useReviewSummary } from '#state/review.ts'
import type { Outbox } from '#state/review-outbox.ts'
import { useOutbox, useSender } from '#state/review-saying.ts'
import { imagesLeft } from '#state/review-verdicts.ts'
import { Loaded } from '../parts/loaded.tsx'
import { Note } from '../parts/note.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { useKeys } from '../shell/use-keys.ts'
import { useFormats, useWords } from '../words.ts'
import { Tick } from './element-list.tsx'
import css from './summary.module.css'

type PassName = 'regions' | 'flagged' | 'values' | 'pending' | 'second' | 'disagreement'

interface Pass {
  readonly name: PassName
  readonly to: string
  readonly left: number
  readonly approved: number
  readonly rejected: number
}

const imagesOf = (list: string) => `/review/images?list=${list}`

/** What there is to do, in the order in which it should be done. */
function passesOf(summary: Summary, outbox: Outbox): Pass[] {
  const { values, images } = summary
  const left = imagesLeft(summary, outbox.entries)
  const none = { approved: 0, rejected: 0 }
  return [
    { name: 'regions', to: imagesOf('regions'), left: left.regions, ...none },
    { name: 'flagged', to: imagesOf('flagged'), left: left.flagged, ...none },
    { name: 'values', to: '/review/values', left: values.pending, approved: values.approved, rejected: values.rejected },
    { name: 'pending', to: imagesOf('pending'), left: left.pending, approved: images.approved, rejected: images.rejected },
    { name: 'second', to: imagesOf('second'), left: left.second, ...none },
    { name: 'disagreement', to: imagesOf('disagreement'), left: left.disagreement, ...none },
  ]
}

export default function SummaryPage() {
  const { review: words } = useWords()
  const summary = useReviewSummary()
  const navigate = useNavigate()
  const outbox = useOutbox(useSender())
  const passes = summary.data && passesOf(summary.data, outbox)
  const first = passes?.find((pass) => pass.left > 0)
  useKeys('review', first === undefined ? {} : { reviewStart: () => void navigate(first.to) })
  return (
    <>
      <PageTitle title={words.title} beside={words.intro}>
        {first !== undefined && (
          <Button component={Link} to={first.to} rightSection={<kbd>N</kbd>}>
            {words.start}
          </Button>
        )}
      </PageTitle>
      <Loaded query={summary} skeleton={<TableSkeleton />}>
        {(found) => (
          <div className={css.summary}>
            {!found.is_required && <Note kind="mark">{words.notRequired}</Note>}
            {first === undefined && (
              <Note kind="good">
                {words.done} {words.doneDetail}
              </Note>
            )}
            <ul className={css.passes}>
              {passesOf(found, outbox).map((pass) => (
                <PassRow key={pass.name} pass={pass} isNext={pass.name === first?.name} />
              ))}
            </ul>
            <Exams exams={found.exams} />
            <p className={css.quiet}>{words.gate}</p>
          </div>
        )}
      </Loaded>
    </>
  )
}

function PassRow({ pass, isNext }: { pass: Pass; isNext: boolean }) {
  const { review: words } = useWords()
  const { number } = useFormats()
  const decided = pass.approved + pass.rejected
  const total = decided + pass.left
  return (
    <li className={css.pass} data-next={isNext} data-done={pass.left === 0}>
      <Link to={pass.to} className={css.passName}>
        {words.passes[pass.name]}
      </Link>
      <p className={css.quiet}>{words.passDetails[pass.name]}</p>
      <div className={css.passLeft}>
        {pass.left === 0 ? <Tick label={words.nothingLeft} /> : <strong>{words.left(number(pass.left))}</strong>}
        {decided > 0 && <span className={css.quiet}>{words.decided(number(decided), number(total))}</span>}
      </div>
      {decided > 0 && <Bar parts={[['approved', pass.approved], ['rejected', pass.rejected], ['pending', pass.left]]} />}
    </li>
  )
}

type Part = readonly [kind: 'approved' | 'rejected' | 'pending', count: number]

/** Shares of a whole, side by side. */
function Bar({ parts }: { parts: readonly Part[] }) {
  const { review: words } = useWords()
  const { number } = useFormats()
  const label = parts.map(([kind, count]) => `${number(count)} ${words.counts[kind]}`).join(', ')
  return (
    <div className={css.parts} role="img" aria-label={label} title={label}>
      {parts.map(([kind, count]) => count > 0 && <span key={kind} data-kind={kind} style={{ flexGrow: count }} />)}
    </div>
  )
}

const EXAM_STATES = ['approved', 'values', 'second_look', 'disagreement', 'pending', 'rejected'] as const

function Exams({ exams }: { exams: Summary['exams'] }) {
  const { review: words } = useWords()
  const { number } = useFormats()
  return (
    <section className={css.exams}>
      <h2>{words.exams}</h2>
      <dl>
        {EXAM_STATES.map((state) => (
          <div key={state} data-none={exams[state] === 0}>
            <dt>{words.examStates[state]}</dt>
            <dd>{number(exams[state])}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
