import type { SignInOptions } from '#schema/reading-room.ts'
import { useWords } from '../words.ts'
import type { Entered } from './sign-in-form.tsx'
import css from './signing-in.module.css'

interface DemoAccountsProps {
  accounts: SignInOptions['demo_accounts']
  onChoose: (entered: Entered) => void
}

/** The accounts of a demonstration; each fills the form. */
export function DemoAccounts({ accounts, onChoose }: DemoAccountsProps) {
  const { session, shell } = useWords()
  return (
    <section className={css.demo} aria-labelledby="demo-accounts">
      <h2 id="demo-accounts">{session.demo}</h2>
      <p className={css.quiet}>{session.demoNote}</p>
      <ul>
        {accounts.map(({ name, password, roles }) => (
          <li key={name}>
            <button type="button" onClick={() => onChoose({ name, password })}>
              <strong>{name}</strong>
              <span>{roles.map((role) => shell.roles[role]).join(', ')}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
