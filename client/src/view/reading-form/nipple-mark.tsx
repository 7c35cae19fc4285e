import type { Point } from '#draw/transform.ts'
import { useWords } from '../words.ts'
import css from './marks.module.css'

const REACH = 14
const CROSS = 'M-7 0h5M2 0h5M0-7v5M0 2v5'

/** Where the nipple is taken to be, to be taken hold of. */
export function NippleMark({ at: { x, y } }: { at: Point }) {
  const { marking: words } = useWords()
  return (
    <g className={css.nipple} data-nipple="" transform={`translate(${x} ${y})`}>
      <title>{words.nipple}</title>
      <circle r={REACH} />
      <path className={css.under} d={CROSS} />
      <path d={CROSS} />
    </g>
  )
}
