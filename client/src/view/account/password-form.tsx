import { Button, PasswordInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { MIN_PASSWORD, passwordFault } from '#state/access.ts'
import { explain, Problem } from '#state/problems.ts'
import { useChangePassword, useMe } from '#state/session.ts'
import type { Words } from '#words/index.ts'
import { Note } from '../parts/note.tsx'
import { useWords } from '../words.ts'
import css from './account.module.css'

const EMPTY = { current: '', next: '', again: '' }

export function PasswordForm() {
  const words = useWords()
  const { name } = useMe()
  const [entered, enter] = useState(EMPTY)
  const [isTried, setTried] = useState(false)
  const change = useChangePassword()
  const fault = passwordFault(entered.current, entered.next, entered.again)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (fault !== null) return
    change.mutate(entered, { onSuccess: () => (enter(EMPTY), setTried(false)) })
  }
  const field = (key: keyof typeof EMPTY) => ({
    label: words.account[key],
    value: entered[key],
    required: true,
    withAsterisk: false,
    autoComplete: key === 'current' ? 'current-password' : 'new-password',
    visibilityToggleButtonProps: { 'aria-label': words.session.showPassword },
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => enter({ ...entered, [key]: event.currentTarget.value }),
  })
  const isNextWrong = isTried && (fault === 'tooShort' || fault === 'same')
  return (
    <form className={css.form} onSubmit={submit}>
      {/* so that password managers know whose password it is */}
      <input hidden readOnly name="username" autoComplete="username" value={name} />
      <PasswordInput {...field('current')} />
      <PasswordInput
        {...field('next')}
        description={words.account.rule(MIN_PASSWORD)}
        error={isNextWrong && faultText(fault, words)}
      />
      <PasswordInput {...field('again')} error={isTried && fault === 'different' && faultText(fault, words)} />
      {change.isError && <Note kind="bad">{refusal(change.error, words)}</Note>}
      {change.isSuccess && <Note kind="good">{words.account.changed}</Note>}
      <div>
        <Button type="submit" loading={change.isPending}>
          {words.account.submit}
        </Button>
      </div>
    </form>
  )
}

function faultText(fault: 'tooShort' | 'same' | 'different', { account }: Words): string {
  return { tooShort: account.tooShort(MIN_PASSWORD), same: account.same, different: account.different }[fault]
}

function refusal(error: unknown, words: Words): string {
  if (error instanceof Problem && error.code === 'wrong') return words.account.wrong
  if (error instanceof Problem && error.status === 429) return words.session.throttled(error.retryAfter)
  return explain(error, words)
}
