import { Menu } from '@mantine/core'
import { type ReactNode, useRef } from 'react'
import css from './filters.module.css'

/** What can be done with a row of a table. */
export function RowMenu({ label, children }: { label: string; children: ReactNode }) {
  const button = useRef<HTMLButtonElement>(null)
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <button ref={button} type="button" className={css.dots} aria-label={label} title={label}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="3" cy="8" r="1.300" />
            <circle cx="8" cy="8" r="1.300" />
            <circle cx="13" cy="8" r="1.300" />
          </svg>
        </button>
      </Menu.Target>
      {/* the button has the focus again before a dialog opens, so that the dialog can give it back */}
      <Menu.Dropdown onClickCapture={() => button.current?.focus()}>{children}</Menu.Dropdown>
    </Menu>
  )
}
