import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useWords } from '../words.ts'
import css from './parts.module.css'

/** Where there is nothing to show: says so, why, and what can be done. */
export function Nothing({ title, detail, children }: { title: string; detail?: string; children?: ReactNode }) {
  return (
    <div className={css.nothing}>
      <p className={css.nothingTitle}>{title}</p>
      {detail !== undefined && <p className={css.quiet}>{detail}</p>}
      {children !== undefined && <div className={css.nothingActions}>{children}</div>}
    </div>
  )
}

export function NotFound() {
  const { states } = useWords()
  return (
    <Nothing title={states.notFound} detail={states.notFoundDetail}>
      <Home />
    </Nothing>
  )
}

export function NotForYou() {
  const { states } = useWords()
  return (
    <Nothing title={states.forbidden}>
      <Home />
    </Nothing>
  )
}

function Home() {
  const { states } = useWords()
  return (
    <Button variant="default" component={Link} to="/">
      {states.home}
    </Button>
  )
}
