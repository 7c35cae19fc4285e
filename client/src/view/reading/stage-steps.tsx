import { shareOf } from '#hanging/coverage.ts'
import { labelOf } from '#hanging/labels.ts'
import type { Stage } from '#hanging/stages.ts'
import { useFormats, useWords } from '../words.ts'
import css from './reading.module.css'
import { toStage, type Viewing } from './viewport/viewing.ts'
import type { Viewport } from './viewport/viewport.ts'

/** The stages in their order; of those that show a view at 1:1, how much of it has been seen. */
export function StageSteps({ viewport, viewing }: { viewport: Viewport; viewing: Viewing }) {
  const { viewing: words } = useWords()
  const formats = useFormats()
  const firstFull = viewing.stages.findIndex(({ kind }) => kind === 'pieces')
  const labels: Readonly<Record<string, string>> = words.stage
  const nameOf = (stage: Stage) => {
    const image = stage.kind === 'pieces' ? viewing.exam.images.find((one) => one.image_id === stage.imageIds[0]) : undefined
    if (image !== undefined) return labelOf(image.laterality, image.view_position, image.attributes)
    return labels[stage.id] ?? labels['further'] ?? stage.id
  }
  return (
    <ol className={css.steps} aria-label={words.stages}>
      {viewing.stages.map((stage, n) => {
        const coverage = stage.kind === 'pieces' ? viewing.coverage.get(stage.imageIds[0] ?? '') : undefined
        const share = coverage === undefined ? null : shareOf(coverage)
        const told = share === null ? nameOf(stage) : words.atFullOf(nameOf(stage), formats.percent(share))
        return (
          <li key={stage.id} className={n === firstFull ? css.firstFull : undefined} data-title={n === firstFull ? words.atFull : undefined}>
            <button type="button" aria-current={n === viewing.at ? 'step' : undefined} aria-label={told} title={told} onClick={() => viewport.act((before) => toStage(before, n))}>
              {nameOf(stage)}
              {share !== null && <span className={css.share} style={{ width: `${share * 100}%` }} />}
            </button>
          </li>
        )
      })}
    </ol>
  )
}
