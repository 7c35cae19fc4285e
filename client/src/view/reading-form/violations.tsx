import type { Violation } from '#schema/marking.ts'
import { useWords } from '../words.ts'
import css from './form.module.css'

interface ViolationsProps {
  violations: readonly Violation[]
  /** Whether the place is named. */
  isPlaced?: boolean
  /** Makes each a button. */
  onChoose?: (violation: Violation) => void
}

/** What is wrong at a place, quietly: it is read while one works. */
export function Violations({ violations, isPlaced = false, onChoose }: ViolationsProps) {
  const { marking: words } = useWords()
  const placeName = usePlaceName()
  if (violations.length === 0) return null
  const told = (one: Violation) => `${isPlaced ? `${placeName(one)}: ` : ''}${words.rule(one.code, withoutPlace(one.message))}`
  return (
    <ul className={css.violations}>
      {violations.map((one) => (
        <li key={`${one.key} ${one.message}`} data-level={one.level} data-code={one.code}>
          {onChoose === undefined ? (
            told(one)
          ) : (
            <button type="button" className={css.lead} onClick={() => onChoose(one)}>
              {told(one)}
            </button>
          )}
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
