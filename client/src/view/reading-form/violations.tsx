import type { Violation } from '#schema/marking.ts'
import { useWords } from '../words.ts'
import css from './form.module.css'

/** What is wrong at a place, quietly: it is read while one works. */
export function Violations({ violations, isPlaced = false }: { violations: readonly Violation[]; isPlaced?: boolean }) {
  const { marking: words } = useWords()
  const placeName = usePlaceName()
  if (violations.length === 0) return null
  return (
    <ul className={css.violations}>
      {violations.map((one) => (
        <li key={`${one.key} ${one.message}`} data-level={one.level} data-code={one.code}>
          {isPlaced && `${placeName(one)}: `}
          {words.rule(one.code, withoutPlace(one.message))}
        </li>
      ))}
    </ul>
  )
}

/** Where something is wrong, in words. */
export function usePlaceName(): (violation: Violation) => string {
  const { marking: words } = useWords()
  return ({ laterality: side, finding_index: index }) =>
    [...(side === null ? [] : [words.sides[side]]), ...(index === null ? [] : [words.numbered(index + 1)])].join(', ')
}

/** A rule's words begin with the place, which is seen already. */
export function withoutPlace(message: string): string {
  return message.slice(message.indexOf(': ') + 2)
}
