import { prefer, usePreferences } from '#state/preferences.ts'
import { type Language, LANGUAGES } from '#words/index.ts'
import { useWords } from '../words.ts'
import css from './shell.module.css'

export function LanguageSwitch() {
  const { language } = usePreferences()
  const { shell } = useWords()
  const languages = Object.entries(LANGUAGES) as [Language, string][]
  return (
    <div className={css.languages} role="group" aria-label={shell.language}>
      {languages.map(([code, name]) => (
        <button
          key={code}
          type="button"
          lang={code}
          title={name}
          aria-label={name}
          aria-pressed={code === language}
          onClick={() => prefer({ language: code })}
        >
          {code.toUpperCase()}
        </button>
      ))}
    </div>
  )
}

export function ColorSwitch() {
  const { colorScheme } = usePreferences()
  const { shell } = useWords()
  const other = colorScheme === 'dark' ? 'light' : 'dark'
  const label = `${shell.colors}: ${shell[colorScheme]}`
  return (
    <button type="button" className={css.tool} aria-label={label} title={label} onClick={() => prefer({ colorScheme: other })}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        {colorScheme === 'dark' ? <path d="M16.500 12A7 7 0 0 1 8 3.500 7 7 0 1 0 16.500 12Z" /> : <Sun />}
      </svg>
    </button>
  )
}

function Sun() {
  return (
    <>
      <circle cx="10" cy="10" r="3.500" />
      <path d="M10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M15.700 4.300l-1.100 1.100M5.400 14.600l-1.100 1.100" />
    </>
  )
}

export function HelpButton({ onClick }: { onClick: () => void }) {
  const { shell } = useWords()
  return (
    <button type="button" className={css.tool} aria-label={shell.keys} title={`${shell.keys} (?)`} onClick={onClick}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <rect x="1.500" y="4.500" width="17" height="11" rx="2" />
        <path d="M5 8h.01M8.300 8h.01M11.600 8h.01M15 8h.01M6 12h8" />
      </svg>
    </button>
  )
}
