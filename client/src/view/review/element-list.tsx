import { type RefObject, useEffect, useRef } from 'react'
import type { Element } from '#schema/review.ts'
import { useFormats, useWords } from '../words.ts'
import css from './review.module.css'

export interface ElementRow {
  readonly element: Element
  readonly left: number
}

interface ElementListProps {
  rows: readonly ElementRow[]
  current: string | undefined
  isActive: boolean
  filter: string
  filterField: RefObject<HTMLInputElement | null>
  onFilter: (text: string) => void
  onLeaveFilter: () => void
  onChoose: (element: string) => void
}

/** Every element, what waits of it; those that need a person's eye first. */
export function ElementList(props: ElementListProps) {
  const { rows, current, isActive, filter, filterField, onFilter, onLeaveFilter, onChoose } = props
  const { reviewValues: words } = useWords()
  return (
    <nav className={css.elements} aria-label={words.elements}>
      <input
        ref={filterField}
        className={css.input}
        type="search"
        aria-label={words.filter}
        placeholder={`${words.filter}  /`}
        value={filter}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onFilter('')
          if (event.key !== 'Escape' && event.key !== 'Enter') return
          event.preventDefault()
          onLeaveFilter()
        }}
      />
      <div className={css.scroll} role="listbox" aria-label={words.elements} tabIndex={-1}>
        {rows.length === 0 && <p className={css.nothing}>{words.noMatch}</p>}
        {rows.map((row) => (
          <ElementOption
            key={row.element.element}
            row={row}
            isCurrent={row.element.element === current}
            isActive={isActive}
            onChoose={onChoose}
          />
        ))}
      </div>
    </nav>
  )
}

interface ElementOptionProps {
  row: ElementRow
  isCurrent: boolean
  isActive: boolean
  onChoose: (element: string) => void
}

function ElementOption({ row: { element, left }, isCurrent, isActive, onChoose }: ElementOptionProps) {
  const { reviewValues: words, review } = useWords()
  const { number } = useFormats()
  const option = useRef<HTMLDivElement>(null)
  useFocus(option, isCurrent, isActive)
  const path = element.element.split('.')
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys of the page move and choose
    <div
      ref={option}
      role="option"
      tabIndex={isCurrent && isActive ? 0 : -1}
      aria-selected={isCurrent}
      className={css.element}
      data-current={isCurrent}
      data-active={isActive}
      data-done={left === 0}
      title={element.name}
      onClick={() => onChoose(element.element)}
    >
      <span className={css.elementName}>
        {path.length > 1 && <small>{path.slice(0, -1).join(' › ')}</small>}
        <span>{path.at(-1)}</span>
      </span>
      <span className={css.elementLeft}>
        {element.suspicious && left > 0 && <span className={css.dot} role="img" aria-label={words.suspicious} title={words.suspicious} />}
        {left > 0 ? number(left) : <Tick label={review.nothingLeft} />}
      </span>
    </div>
  )
}

export function Tick({ label }: { label: string }) {
  return (
    <svg className={css.tick} viewBox="0 0 16 16" role="img" aria-label={label}>
      <path d="M3 8.500l3.200 3.200L13 4.800" />
    </svg>
  )
}

/** Bring a row into sight when it becomes the current one, and the focus with it where its list has the keys. */
export function useFocus(row: RefObject<HTMLElement | null>, isCurrent: boolean, isActive: boolean): void {
  useEffect(() => {
    if (!isCurrent) return
    row.current?.scrollIntoView({ block: 'nearest' })
    if (isActive && !(document.activeElement instanceof HTMLInputElement)) row.current?.focus({ preventScroll: true })
  }, [row, isCurrent, isActive])
}
