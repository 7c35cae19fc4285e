import { useWords } from '../words.ts'
import { segmentsOf, type Segment } from './exact.ts'
import css from './review.module.css'

const PATTERN = /^<.*>$/s

/** A value of a file exactly as it is. */
export function ExactText({ value }: { value: string }) {
  const words = useWords().reviewValues
  if (value === '') return <span className={css.none}>{words.none}</span>
  if (PATTERN.test(value)) return <span className={css.pattern}>{value.slice(1, -1)}</span>
  return (
    <span className={css.exact}>
      {segmentsOf(value).map((segment, place) => (
        // oxlint-disable-next-line react/no-array-index-key -- a value's segments never change places
        <SegmentText key={place} segment={segment} />
      ))}
    </span>
  )
}

function SegmentText({ segment: { text, name } }: { segment: Segment }) {
  const { characters } = useWords().reviewValues
  if (name === undefined) return text
  const meaning = typeof name === 'string' ? characters[name] : characters.control(name.code)
  return (
    <abbr className={css.unseen} title={meaning} aria-label={meaning}>
      {text}
    </abbr>
  )
}
