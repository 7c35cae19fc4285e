import { Button } from '@mantine/core'
import { useState } from 'react'
import { useKeys } from '../shell/use-keys.ts'
import { useFormats, useWords } from '../words.ts'
import css from './filters.module.css'

/** How many items a page has, as the server has it by itself. */
const PAGE_SIZE = 50

export interface Pages {
  readonly cursor: string | null
  /** How many items come before this page. */
  readonly before: number
  readonly turn: (cursor: string) => void
  readonly turnBack: (() => void) | null
}

/** The place in a list that comes in parts; back is where one came from. */
export function usePages(): Pages {
  const [cursors, setCursors] = useState<readonly string[]>([])
  return {
    cursor: cursors.at(-1) ?? null,
    before: cursors.length * PAGE_SIZE,
    turn: (cursor) => setCursors([...cursors, cursor]),
    turnBack: cursors.length === 0 ? null : () => setCursors(cursors.slice(0, -1)),
  }
}

/** Turn a page and begin at its top; at the end of the list nothing. */
function turned(go: (() => void) | null): () => void {
  return () => {
    if (go === null) return
    go()
    globalThis.scrollTo({ top: 0 })
  }
}

interface PagerProps {
  pages: Pages
  nShown: number
  total: number | null
  next: string | null
}

/** Which part of a list is shown, and the way to the others; nothing where all of it is. */
export function Pager({ pages, nShown, total, next }: PagerProps) {
  const { pager } = useWords()
  const formats = useFormats()
  const onward = next === null ? null : () => pages.turn(next)
  useKeys('administration', { pageBefore: turned(pages.turnBack), pageAfter: turned(onward) })
  if (next === null && pages.turnBack === null) return null
  return (
    <nav className={css.pager} aria-label={pager.label}>
      <span role="status">
        {pager.shown(
          formats.number(pages.before + 1),
          formats.number(pages.before + nShown),
          total === null ? '–' : formats.number(total),
        )}
      </span>
      <Turn label={pager.back} sign="[" onClick={turned(pages.turnBack)} isEnd={pages.turnBack === null} />
      <Turn label={pager.on} sign="]" onClick={turned(onward)} isEnd={next === null} />
    </nav>
  )
}

/** Not disabled at the end of the list, but said to be: a disabled button would lose the keyboard's place. */
function Turn({ label, sign, onClick, isEnd }: { label: string; sign: string; onClick: () => void; isEnd: boolean }) {
  return (
    <Button
      size="compact-md"
      variant="default"
      aria-disabled={isEnd}
      {...(isEnd && { 'data-disabled': true })}
      onClick={onClick}
      rightSection={<kbd aria-hidden="true">{sign}</kbd>}
    >
      {label}
    </Button>
  )
}
