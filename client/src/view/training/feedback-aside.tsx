import { Button } from '@mantine/core'
import { labelOf } from '#hanging/labels.ts'
import type { Finding } from '#schema/marking.ts'
import type { BreastFeedback, Feedback, FindingFeedback } from '#schema/training.ts'
import type { Exam } from '#schema/viewing.ts'
import { hintsOf } from '#state/training-hints.ts'
import { Note } from '../parts/note.tsx'
import form from '../reading-form/form.module.css'
import { useWords } from '../words.ts'
import css from './training.module.css'

interface FeedbackAsideProps {
  exam: Exam
  feedback: Feedback
  chosen: number
  isLast: boolean
  onChoose: (n: number) => void
  onGoOn: () => void
}

/** What was planted and what was answered, breast by breast and finding by finding, and what helps next time. */
export function FeedbackAside({ exam, feedback, chosen, isLast, onChoose, onGoOn }: FeedbackAsideProps) {
  const { training: words } = useWords()
  const { found, missed, extra } = feedback.score
  return (
    <aside className={form.form} aria-label={words.feedback} data-told={feedback.number}>
      <h2>{words.feedback}</h2>
      <Note kind={missed + extra === 0 ? 'good' : 'mark'}>{words.verdict(found, found + missed, extra)}</Note>
      <Breasts breasts={feedback.breasts} />
      <Findings exam={exam} findings={feedback.findings} chosen={chosen} onChoose={onChoose} />
      <section className={css.hints} aria-label={words.hint}>
        <h2>{words.hint}</h2>
        {hintsOf(feedback).map((hint) => (
          <p key={hint} data-hint={hint}>
            {words.hints[hint]}
          </p>
        ))}
      </section>
      <div className={form.foot}>
        <div className={form.line}>
          <Button onClick={onGoOn} rightSection={<kbd>Enter</kbd>}>
            {isLast ? words.summary : words.next}
          </Button>
        </div>
      </div>
    </aside>
  )
}

function Breasts({ breasts }: { breasts: readonly BreastFeedback[] }) {
  const { training: words, marking, arbitration } = useWords()
  const rows = breasts.flatMap((one) => [
    { name: words.breast(arbitration.kinds.birads, arbitration.sides[one.laterality]), planted: one.planted_birads, given: one.given_birads, key: `birads ${one.laterality}` },
    { name: words.breast(marking.density, arbitration.sides[one.laterality]), planted: one.planted_density, given: one.given_density, key: `density ${one.laterality}` },
  ])
  const isNoRecall = breasts.some((one) => one.planted_birads === 1 && one.given_birads === 2)
  return (
    <>
      <table className={css.compared}>
        <thead>
          <tr>
            <th scope="col">{words.asked}</th>
            <th scope="col">{words.planted}</th>
            <th scope="col">{words.given}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, planted, given }) => (
            <tr key={key} data-row={key} data-differs={planted !== null && planted !== given}>
              <th scope="row">{name}</th>
              <td>{planted ?? '–'}</td>
              <td>{given ?? words.notAnswered}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isNoRecall && <p className={form.hint}>{words.noRecall}</p>}
    </>
  )
}

interface FindingsProps {
  exam: Exam
  findings: readonly FindingFeedback[]
  chosen: number
  onChoose: (n: number) => void
}

function Findings({ exam, findings, chosen, onChoose }: FindingsProps) {
  const { training: words, marking, arbitration } = useWords()
  const viewOf = (id: string) => {
    const image = exam.images.find((one) => one.image_id === id)
    return image === undefined ? '' : labelOf(image.laterality, image.view_position, image.attributes)
  }
  const told = (finding: Finding) => [finding.categories.join(', '), ...(finding.birads === null ? [] : [`${arbitration.kinds.birads} ${finding.birads}`])].join('; ')
  return (
    <section className={form.findings} aria-label={marking.findings}>
      <h2>{marking.findings}</h2>
      {findings.length === 0 && <p className={form.hint}>{words.nothingPlanted}</p>}
      <ol className={form.list}>
        {findings.map((finding, n) => (
          <li key={keyOf(finding)} className={css.finding} data-outcome={finding.outcome} data-chosen={n === chosen}>
            <button type="button" aria-pressed={n === chosen} onClick={() => onChoose(n)}>
              <span className={css.number}>{n + 1}</span> {viewOf(finding.image_id)}
              <span className={css.outcome}>{words.outcomes[finding.outcome]}</span>
            </button>
            {(['planted', 'given'] as const).map((side) => {
              const said = finding[side]
              return (
                said !== null && (
                  <p key={side}>
                    <span className={form.name}>{words[side]}</span> {told(said)}
                  </p>
                )
              )
            })}
          </li>
        ))}
      </ol>
      {findings.length > 0 && (
        <p className={form.hint}>
          {words.legend} <kbd>B</kbd>
        </p>
      )}
    </section>
  )
}

function keyOf({ image_id: id, planted, given }: FindingFeedback): string {
  return [id, ...(planted?.box ?? []), '/', ...(given?.box ?? [])].join(' ')
}
