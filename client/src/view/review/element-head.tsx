import type { Element } from '#schema/review.ts'
import { useFormats, useWords } from '../words.ts'
import css from './review.module.css'
import type { ValueRow } from './value-list.tsx'

interface ElementHeadProps {
  element: Element
  isWhole: boolean
  onWhole: () => void
  rows: readonly ValueRow[] | undefined
}

/** What an element is, why it holds what it holds, and how much that is. */
export function ElementHead({ element, isWhole, onWhole, rows }: ElementHeadProps) {
  const { reviewValues: words } = useWords()
  const { number } = useFormats()
  const hasRange = isWhole || rows?.some((one) => one.row.range !== null) === true
  return (
    <header className={css.head}>
      <h2>{element.element}</h2>
      <p className={css.quiet}>
        {element.name !== element.element && <span lang="en">{element.name} · </span>}
        {words.distinct(number(element.n_values))} · {words.images(number(element.n_images))}
      </p>
      <p className={css.group}>
        <span className={css.chip}>{words.groups[element.group] ?? element.group}</span> {words.groupDetails[element.group]}
        {hasRange && (
          <button type="button" className={css.link} aria-pressed={isWhole} onClick={onWhole}>
            {isWhole ? words.asRange : words.eachNumber}
          </button>
        )}
      </p>
    </header>
  )
}
