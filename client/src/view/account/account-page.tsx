import { useMe } from '#state/session.ts'
import { Card } from '../parts/card.tsx'
import { Note } from '../parts/note.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { useWords } from '../words.ts'
import css from './account.module.css'
import { PasswordForm } from './password-form.tsx'

export default function AccountPage() {
  const me = useMe()
  const { account, shell } = useWords()
  return (
    <div className={css.page}>
      <PageTitle title={account.title} beside={me.name} />
      {me.must_change_password && <Note kind="mark">{account.mustChange}</Note>}
      <Card title={account.password}>
        <PasswordForm />
      </Card>
      <Card title={account.roles}>
        <p>{me.roles.map((role) => shell.roles[role]).join(', ')}</p>
      </Card>
    </div>
  )
}
