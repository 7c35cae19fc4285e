import { Navigate, useLocation, useSearchParams } from 'react-router'
import { useState } from 'react'
import type { SignInOptions } from '#schema/reading-room.ts'
import { safeNext } from '#state/access.ts'
import { providerAddress, useSession, useSignInOptions } from '#state/session.ts'
import { Mark } from '../parts/brand.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Note } from '../parts/note.tsx'
import { ColorSwitch, LanguageSwitch } from '../shell/switches.tsx'
import { useWords } from '../words.ts'
import { DemoAccounts } from './demo-accounts.tsx'
import { FormSkeleton } from './form-skeleton.tsx'
import { EMPTY, type Entered, SignInForm } from './sign-in-form.tsx'
import css from './signing-in.module.css'

export function SignInPage() {
  const { session: words } = useWords()
  const [search] = useSearchParams()
  const hasEnded = (useLocation().state as { hasEnded?: boolean } | null)?.hasEnded === true
  const next = safeNext(search.get('next'))
  const options = useSignInOptions()
  if (useSession().data?.me) return <Navigate to={next} replace />
  return (
    <div className={css.page}>
      <title>{words.title}</title>
      <div className={css.switches}>
        <ColorSwitch />
        <LanguageSwitch />
      </div>
      <main className={css.sheet}>
        {hasEnded && <Note kind="mark">{words.expired}</Note>}
        <Loaded query={options} skeleton={<FormSkeleton />}>
          {(given) => <Ways options={given} next={next} />}
        </Loaded>
      </main>
    </div>
  )
}

function Ways({ options, next }: { options: SignInOptions; next: string }) {
  const { session: words } = useWords()
  const [entered, enter] = useState<Entered>(EMPTY)
  return (
    <>
      <div className={css.heading}>
        <Mark size={38} />
        <h1>{options.title || options.dataset}</h1>
        {options.title !== '' && options.title !== options.dataset && <p className={css.quiet}>{options.dataset}</p>}
      </div>
      {options.providers.length > 0 && (
        <div className={css.providers}>
          {options.providers.map(({ id, name, start_url }) => (
            <a key={id} className={css.provider} href={providerAddress(start_url, next)}>
              {words.withProvider(name)}
            </a>
          ))}
          <p className={css.or}>{words.or}</p>
        </div>
      )}
      <SignInForm entered={entered} onEnter={enter} />
      {options.demo_accounts.length > 0 && <DemoAccounts accounts={options.demo_accounts} onChoose={enter} />}
    </>
  )
}
