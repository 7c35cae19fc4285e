import type { Reason } from '#schema/reading-room.ts'
import { useWords } from '../words.ts'
import css from './reasons.module.css'

/** Where two readings differ, one line each: what, on which side, what either says. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  const { arbitration: words, labels } = useWords()
  return (
    <ul className={css.reasons}>
      {reasons.map(({ kind, laterality, image_id, first, second }) => (
        <li key={[kind, laterality, image_id, first, second].join(' ')}>
          <span className={css.kind}>{words.reason(words.kinds[kind], laterality && words.sides[laterality])}</span>
          <span className={css.said}>
            <b>A</b> {labels.told(first)} <b>B</b> {labels.told(second)}
          </span>
        </li>
      ))}
    </ul>
  )
}
