import type { MouseEvent } from 'react'
import { shareOf } from '#hanging/coverage.ts'
import { useFormats, useWords } from '../words.ts'
import css from './reading.module.css'
import { useStageName } from './use-stage-name.ts'
import { toStage, type Viewing } from './viewport/viewing.ts'
import type { Viewport } from './viewport/viewport.ts'

/** A click leaves the keyboard to the images. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault()
}

/** The stages in their order; of those that show a view at 1:1, how much of it has been seen. */
export function StageSteps({ viewport, viewing }: { viewport: Viewport; viewing: Viewing }) {
  const { viewing: words } = useWords()
  const formats = useFormats()
  const firstFull = viewing.stages.findIndex(({ kind }) => kind === 'pieces')
  const nameOf = useStageName(viewing)
  return (
    <ol className={css.steps} aria-label={words.stages}>
      {viewing.stages.map((stage, n) => {
        const coverage = stage.kind === 'pieces' ? viewing.coverage.get(stage.imageIds[0] ?? '') : undefined
        const share = coverage === undefined ? null : shareOf(coverage)
        const told = share === null ? nameOf(stage) : words.atFullOf(nameOf(stage), formats.percent(share))
        return (
          <li key={stage.id} className={n === firstFull ? css.firstFull : stage.kind === 'done' ? css.end : undefined} data-title={n === firstFull ? words.atFull : undefined}>
            <button type="button" aria-current={n === viewing.at ? 'step' : undefined} aria-label={told} title={told} onMouseDown={keepFocus} onClick={() => viewport.act((before) => toStage(before, n))}>
              {nameOf(stage)}
              {share !== null && <span className={css.share} style={{ width: `${share * 100}%` }} />}
            </button>
          </li>
        )
      })}
    </ol>
  )
}
