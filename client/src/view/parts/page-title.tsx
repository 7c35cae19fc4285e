import type { ReactNode } from 'react'
import { useSession } from '#state/session.ts'
import css from './parts.module.css'

interface PageTitleProps {
  title: string
  /** A few quiet words beside it. */
  beside?: ReactNode
  /** Buttons, at the other end of the line. */
  children?: ReactNode
}

/** The heading of a page, and what the browser's tab says. */
export function PageTitle({ title, beside, children }: PageTitleProps) {
  const dataset = useSession().data?.me?.dataset
  return (
    <div className={css.title}>
      <title>{dataset === undefined ? title : `${title} · ${dataset}`}</title>
      <h1>{title}</h1>
      {beside !== undefined && <span className={css.quiet}>{beside}</span>}
      {children !== undefined && <div className={css.actions}>{children}</div>}
    </div>
  )
}
