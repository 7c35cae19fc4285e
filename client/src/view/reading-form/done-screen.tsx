import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { shareOf } from '#hanging/coverage.ts'
import { labelOf } from '#hanging/labels.ts'
import { disputed, isDecided } from '#state/arbitrating.ts'
import { SIDES } from '#state/draft.ts'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import { NOT_VIEWED } from '#state/reading-clock.ts'
import { useStageName } from '../reading/use-stage-name.ts'
import { useSnapshot } from '../reading/use-viewport.ts'
import type { Viewport } from '../reading/viewport/viewport.ts'
import { useFormats, useWords } from '../words.ts'
import css from './done-screen.module.css'
import type { Seam } from './seam.ts'
import { toUnseen } from './unseen.ts'
import { Violations } from './violations.tsx'

interface PartProps {
  desk: Desk
  viewport: Viewport
}

interface DoneScreenProps extends PartProps {
  seam: Seam
}

/** The last stage: what has been seen, what is answered, what is missing, and the way on. */
export function DoneScreen({ desk, seam, viewport }: DoneScreenProps) {
  useEffect(() => seam.attach(viewport), [seam, viewport])
  const words = useWords()
  const { isSubmitting, saving } = useDeskSnapshot(desk)
  return (
    <section className={css.screen} aria-label={words.finishing.title} data-done="">
      <h2>{words.finishing.title}</h2>
      <Seen desk={desk} viewport={viewport} />
      <div className={css.halves}>
        <Said desk={desk} />
        <Times desk={desk} viewport={viewport} />
      </div>
      {desk.isOver ? (
        <p className={css.way}>
          {words.finishing.submitted}
          <Button onClick={() => desk.goOn()} rightSection={<kbd>Enter</kbd>}>
            {words.finishing.goOn}
          </Button>
        </p>
      ) : (
        <div className={css.way}>
          <Missing desk={desk} />
          <Button onClick={() => void desk.submit()} loading={isSubmitting} disabled={saving === 'gone'} rightSection={<kbd>Enter</kbd>}>
            {words.marking.submit}
          </Button>
        </div>
      )}
    </section>
  )
}

/** Of each view how much was seen at 1:1, now and in earlier sittings, and for how long. */
function Seen({ desk, viewport }: PartProps) {
  const { finishing: words } = useWords()
  const formats = useFormats()
  const { viewing } = useSnapshot(viewport)
  const { viewed } = desk.work
  const rows = viewing.exam.images.map((image) => {
    const seen = viewed[image.image_id] ?? NOT_VIEWED
    const coverage = viewing.coverage.get(image.image_id)
    const share = Math.max(seen.share_at_full, coverage === undefined ? 0 : shareOf(coverage))
    return { image, seen, share, label: labelOf(image.laterality, image.view_position, image.attributes) }
  })
  const left = rows.filter(({ share }) => share < 1).length
  return (
    <>
      <p className={left > 0 ? css.open : css.faint}>{left > 0 ? words.notWhole(left) : words.whole}</p>
      <table className={css.table} aria-label={words.seen}>
        <thead>
          <tr>
            <th scope="col">{words.view}</th>
            <th scope="col" colSpan={2}>
              {words.share}
            </th>
            <th scope="col">{words.atFull}</th>
            <th scope="col">{words.onScreen}</th>
            <th scope="col" aria-label={words.rest} />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ image, seen, share, label }) => (
            <tr key={image.image_id} data-image-row={image.image_id}>
              <th scope="row">{label}</th>
              <td className={css.wide} aria-hidden="true">
                <span className={css.track}>
                  <span style={{ width: `${share * 100}%` }} data-whole={share === 1} />
                </span>
              </td>
              <td>{formats.percent(Math.floor(share * 100) / 100)}</td>
              <td>{formats.duration(seen.seconds_at_full)}</td>
              <td>{formats.duration(seen.seconds)}</td>
              <td>
                {share < 1 && (
                  <button type="button" className={css.rest} aria-label={words.restOf(label)} onClick={() => viewport.act((before) => toUnseen(before, image.image_id))}>
                    {words.rest}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

/** The answer in short. */
function Said({ desk }: { desk: Desk }) {
  const words = useWords()
  const { history } = useDeskSnapshot(desk)
  const { breasts, marks } = history.present
  const { finishing, marking, arbitration } = words
  return (
    <div>
      <h3>{marking.answer}</h3>
      <dl className={css.said}>
        {SIDES.flatMap((side) => {
          const answer = breasts[side]
          if (answer === undefined) return []
          const said = [answer.birads === null ? null : `${arbitration.kinds.birads} ${answer.birads}`, answer.density === null ? null : `${marking.density} ${answer.density}`]
          const told = said.filter((one) => one !== null)
          return [
            <div key={side}>
              <dt>{marking.sides[side]}</dt>
              <dd data-missing={told.length < said.length}>{told.length === 0 ? finishing.unanswered : told.join(', ')}</dd>
            </div>,
          ]
        })}
        {marks.map(({ id, image_id: imageId, categories, birads }, n) => {
          const image = desk.seat.exam.images.find((one) => one.image_id === imageId)
          const view = image === undefined ? '' : labelOf(image.laterality, image.view_position, image.attributes)
          const told = [...categories, ...(birads === null ? [] : [`${arbitration.kinds.birads} ${birads}`])]
          return (
            <div key={id}>
              <dt>{marking.finding(n + 1, view)}</dt>
              <dd data-missing={told.length === 0}>{told.length === 0 ? finishing.unanswered : told.join(', ')}</dd>
            </div>
          )
        })}
      </dl>
      {marks.length === 0 && <p className={css.faint}>{finishing.noFindings}</p>}
    </div>
  )
}

function Missing({ desk }: { desk: Desk }) {
  const { finishing: words } = useWords()
  const { violations, history } = useDeskSnapshot(desk)
  const open = disputed(desk.seat.items).filter((item) => !isDecided(item, history.present)).length
  if (open + violations.length === 0) return <p className={css.faint}>{words.nothingMissing}</p>
  return (
    <div>
      {open > 0 && <p className={css.open}>{words.open(open)}</p>}
      {[
        { title: words.missing, found: violations.filter(({ level }) => level === 'error') },
        { title: words.toConfirm, found: violations.filter(({ level }) => level === 'confirm') },
      ].map(
        ({ title, found }) =>
          found.length > 0 && (
            <div key={title} className={css.missing}>
              <h3>{title}</h3>
              <Violations violations={found} isPlaced onChoose={(one) => desk.lead(one)} />
            </div>
          ),
      )}
    </div>
  )
}

/** Seconds of work, by stage and all together. */
function Times({ desk, viewport }: PartProps) {
  const { finishing: words } = useWords()
  const formats = useFormats()
  const { viewing } = useSnapshot(viewport)
  const nameOf = useStageName(viewing)
  const { seconds } = desk.work
  const total = Object.values(seconds).reduce((sum, one) => sum + one, 0)
  return (
    <div>
      <h3>{words.time}</h3>
      <dl className={css.times}>
        {viewing.stages
          .filter(({ id }) => (seconds[id] ?? 0) > 0)
          .map((stage) => (
            <div key={stage.id}>
              <dt>{nameOf(stage)}</dt>
              <dd>{formats.duration(seconds[stage.id] ?? 0)}</dd>
            </div>
          ))}
        <div className={css.total}>
          <dt>{words.total}</dt>
          <dd>{formats.duration(total)}</dd>
        </div>
      </dl>
    </div>
  )
}
