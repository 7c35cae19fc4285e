import { Menu } from '@mantine/core'
import { Link } from 'react-router'
import type { Me } from '#schema/reading-room.ts'
import { keepPreferences } from '#state/preferences.ts'
import { useSignOut } from '#state/session.ts'
import { useWords } from '../words.ts'
import css from './shell.module.css'

export function PersonMenu({ me }: { me: Me }) {
  const { shell } = useWords()
  const signOut = useSignOut()
  const leave = () =>
    signOut.mutate(undefined, {
      onSettled: () => {
        keepPreferences()
        // A new page on purpose: nothing of this person stays in its memory.
        globalThis.location.assign('/sign-in')
      },
    })
  return (
    <Menu position="bottom-end" width={220} shadow="md">
      <Menu.Target>
        <button type="button" className={css.person} aria-label={shell.signedInAs(me.name)}>
          <span className={css.initial} aria-hidden="true">
            {me.name.slice(0, 1).toUpperCase()}
          </span>
          <span>{me.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={css.roles}>{me.roles.map((role) => shell.roles[role]).join(', ')}</div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account">
          {shell.account}
        </Menu.Item>
        <Menu.Item onClick={leave}>{shell.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
