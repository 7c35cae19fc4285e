import { useEffect, useRef } from 'react'
import type { Value, Verdict } from '#schema/review.ts'
import { useFormats, useWords } from '../words.ts'
import { Tick, useFocus } from './element-list.tsx'
import { ExactText } from './exact-text.tsx'
import { Histogram } from './histogram.tsx'
import css from './review.module.css'

export interface ValueRow {
  readonly row: Value
  readonly verdict: Verdict | null
  /** Why the server would not record what was said of it. */
  readonly fault: string | undefined
}

interface ValueListProps {
  label: string
  rows: readonly ValueRow[]
  at: number
  isActive: boolean
  onChoose: (place: number) => void
  /** A row has been on the screen. */
  onSeen: (value: string) => void
  isAllSeen: boolean
}

export function ValueList({ label, rows, at, isActive, onChoose, onSeen, isAllSeen }: ValueListProps) {
  const list = useRef<HTMLDivElement>(null)
  useSeen(list, rows, onSeen)
  return (
    <div ref={list} className={css.scroll} role="listbox" aria-label={label} tabIndex={-1} data-values data-seen={isAllSeen}>
      {rows.map((one, place) => (
        <ValueOption
          key={one.row.value}
          one={one}
          isCurrent={place === at}
          isActive={isActive}
          onChoose={() => onChoose(place)}
        />
      ))}
    </div>
  )
}

interface ValueOptionProps {
  one: ValueRow
  isCurrent: boolean
  isActive: boolean
  onChoose: () => void
}

function ValueOption({ one: { row, verdict, fault }, isCurrent, isActive, onChoose }: ValueOptionProps) {
  const { reviewValues: words, review } = useWords()
  const { number } = useFormats()
  const option = useRef<HTMLDivElement>(null)
  useFocus(option, isCurrent, isActive)
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys of the page move and choose
    <div
      ref={option}
      role="option"
      tabIndex={isCurrent && isActive ? 0 : -1}
      aria-selected={isCurrent}
      className={css.value}
      data-current={isCurrent}
      data-active={isActive}
      data-verdict={verdict ?? 'none'}
      data-value={row.value}
      onClick={onChoose}
    >
      <span className={css.verdict}>
        {verdict === 'approve' && <Tick label={review.verdicts.approve} />}
        {verdict === 'reject' && <Cross label={review.verdicts.reject} />}
      </span>
      <span className={css.valueText}>{row.range === null ? <ExactText value={row.value} /> : <RangeText row={row} />}</span>
      <span className={css.chips}>
        {row.suspicion !== null && <span className={css.chip}>{words[row.suspicion]}</span>}
      </span>
      <span className={css.amount}>{words.images(number(row.n_images))}</span>
      {fault !== undefined && (
        <span className={css.fault} role="alert">
          {review.refused}: {fault}
        </span>
      )}
    </div>
  )
}

function RangeText({ row }: { row: Value }) {
  const { reviewValues: words } = useWords()
  const { number } = useFormats()
  if (row.range === null) return null
  const { q1, median, q3, low, high, n_distinct } = row.range
  return (
    <span className={css.range}>
      <span className={css.exact}>
        {low} … {high}
      </span>
      <Histogram range={row.range} />
      <span className={css.quiet}>
        {words.range(number(n_distinct))}, {words.quartiles(String(q1), String(median), String(q3))}
      </span>
    </span>
  )
}

export function Cross({ label }: { label: string }) {
  return (
    <svg className={css.cross} viewBox="0 0 16 16" role="img" aria-label={label}>
      <path d="M4 4l8 8M12 4l-8 8" />
    </svg>
  )
}

/** Tell which rows have been on the screen: all values of an element are approved together only after that. */
function useSeen(list: React.RefObject<HTMLDivElement | null>, rows: readonly ValueRow[], onSeen: (value: string) => void): void {
  const values = rows.map((one) => one.row.value).join('\0')
  useEffect(() => {
    const root = list.current
    const watcher = new IntersectionObserver(
      (found) => {
        for (const { isIntersecting, target } of found) {
          if (isIntersecting && target instanceof HTMLElement) onSeen(target.dataset['value'] ?? '')
        }
      },
      { root, threshold: 0.5 },
    )
    const wanted = new Set(values.split('\0'))
    for (const row of root?.querySelectorAll<HTMLElement>('[role="option"]') ?? []) {
      if (wanted.has(row.dataset['value'] ?? '')) watcher.observe(row)
    }
    return () => watcher.disconnect()
  }, [list, values, onSeen])
}
