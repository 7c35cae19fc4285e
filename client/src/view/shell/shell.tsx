import { useEffect, useRef, useState } from 'react'
import { NavLink, Outlet, ScrollRestoration, useLocation } from 'react-router'
import type { Me } from '#schema/reading-room.ts'
import { mayOpen, maySeeDataset } from '#state/access.ts'
import { PAGES } from '../pages.ts'
import { Brand } from '../parts/brand.tsx'
import { useWords } from '../words.ts'
import { KeyHelp } from './key-help.tsx'
import { PersonMenu } from './person-menu.tsx'
import css from './shell.module.css'
import { ColorSwitch, HelpButton, LanguageSwitch } from './switches.tsx'
import { useKeys } from './use-keys.ts'

export function Shell({ me }: { me: Me }) {
  const words = useWords()
  const [isHelpShown, showHelp] = useState(false)
  useKeys('everywhere', { showHelp: () => showHelp(true) })
  return (
    <>
      <a className={css.skip} href="#content">
        {words.shell.skip}
      </a>
      <header className={css.top}>
        <Brand dataset={me.dataset} />
        {me.must_change_password ? <span /> : <Navigation me={me} />}
        <div className={css.tools}>
          {me.phase_is_closed && <span className={css.chip}>{words.shell.phaseClosed}</span>}
          <HelpButton onClick={() => showHelp(true)} />
          <ColorSwitch />
          <LanguageSwitch />
          <PersonMenu me={me} />
        </div>
      </header>
      <Content />
      <KeyHelp isShown={isHelpShown} onClose={() => showHelp(false)} />
      <ScrollRestoration />
    </>
  )
}

function Navigation({ me }: { me: Me }) {
  const words = useWords()
  return (
    <nav className={css.nav} aria-label={words.shell.navigation}>
      <ul>
        {PAGES.map(
          ({ path, roles, name }) =>
            name !== undefined &&
            mayOpen(me, roles) && (
              <li key={path}>
                <NavLink to={path}>{name(words)}</NavLink>
              </li>
            ),
        )}
        {maySeeDataset(me) && (
          <li>
            {/* made on the server, so it is left for */}
            <a href="/status">{words.shell.dataset}</a>
          </li>
        )}
      </ul>
    </nav>
  )
}

/** The page itself. After a change of page the keyboard and screen readers begin there. */
function Content() {
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current !== pathname) main.current?.focus({ preventScroll: true })
    shown.current = pathname
  }, [pathname])
  return (
    <main id="content" tabIndex={-1} ref={main} className={css.content}>
      <Outlet />
    </main>
  )
}
