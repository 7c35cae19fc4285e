import type { ReactNode } from 'react'
import css from './parts.module.css'

/** One sentence that has to be seen: `bad` went wrong, `mark` asks for attention, `good` was done. */
export function Note({ kind, children }: { kind: 'bad' | 'mark' | 'good'; children: ReactNode }) {
  return (
    <div className={css.note} data-kind={kind} role={kind === 'good' ? 'status' : 'alert'}>
      {children}
    </div>
  )
}
