import type { Reason } from '#schema/reading-room.ts'
import type { Words } from '#words/index.ts'
import { useWords } from '../words.ts'
import css from './reasons.module.css'

/** Where two readings differ, one line each: what, on which side, what either says. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  const { arbitration: words } = useWords()
  return (
    <ul className={css.reasons}>
      {reasons.map(({ kind, laterality, image_id, first, second }) => (
        <li key={[kind, laterality, image_id, first, second].join(' ')}>
          <span className={css.kind}>{words.reason(words.kinds[kind], laterality && words.sides[laterality])}</span>
          <span className={css.said}>
            <b>A</b> {said(first, words)} <b>B</b> {said(second, words)}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** As the server writes a finding that one reader did not mark. */
const NOT_MARKED = 'not marked'

function said(text: string, words: Words['arbitration']): string {
  return text === NOT_MARKED ? words.notMarked : text
}
