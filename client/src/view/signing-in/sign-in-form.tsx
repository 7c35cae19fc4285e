import { Button, PasswordInput, TextInput } from '@mantine/core'
import type { SubmitEvent } from 'react'
import { explain, Problem } from '#state/problems.ts'
import { useSignIn } from '#state/session.ts'
import type { Words } from '#words/index.ts'
import { Note } from '../parts/note.tsx'
import { useWords } from '../words.ts'
import css from './signing-in.module.css'

export interface Entered {
  name: string
  password: string
}

export const EMPTY: Entered = { name: '', password: '' }

export function SignInForm({ entered, onEnter }: { entered: Entered; onEnter: (entered: Entered) => void }) {
  const words = useWords()
  const signIn = useSignIn()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    signIn.mutate(entered)
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <TextInput
        label={words.session.name}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        withAsterisk={false}
        data-autofocus
        value={entered.name}
        onChange={(event) => onEnter({ ...entered, name: event.currentTarget.value })}
      />
      <PasswordInput
        label={words.session.password}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={entered.password}
        visibilityToggleButtonProps={{ 'aria-label': words.session.showPassword }}
        onChange={(event) => onEnter({ ...entered, password: event.currentTarget.value })}
      />
      {signIn.isError && <Note kind="bad">{refusal(signIn.error, words)}</Note>}
      <Button type="submit" fullWidth loading={signIn.isPending}>
        {words.session.submit}
      </Button>
    </form>
  )
}

function refusal(error: unknown, words: Words): string {
  if (error instanceof Problem && error.status === 401) return words.session.wrong
  if (error instanceof Problem && error.status === 429) return words.session.throttled(error.retryAfter)
  return explain(error, words)
}
