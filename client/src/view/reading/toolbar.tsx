import type { RefObject } from 'react'
import { Link } from 'react-router'
import { type Choice, choicesOf, FIRST_LOOK } from '#pixels/grey.ts'
import { usePreferences } from '#state/preferences.ts'
import { useWords } from '../words.ts'
import { Icon } from './icons.tsx'
import css from './reading.module.css'
import { ScreenNotes } from './screen-notes.tsx'
import { StageSteps } from './stage-steps.tsx'
import { useActions } from './use-viewer-keys.ts'
import { useSnapshot } from './use-viewport.ts'
import type { Hover } from './viewer.tsx'
import { greying, type Viewing } from './viewport/viewing.ts'
import type { Viewport } from './viewport/viewport.ts'

interface ToolbarProps {
  viewport: Viewport
  title: string
  listPath: string
  hover: RefObject<Hover>
}

/** Above the images: which exam, which stage, and what can be done besides by mouse and keys. */
export function Toolbar({ viewport, title, listPath, hover }: ToolbarProps) {
  const { viewing: words } = useWords()
  const { viewing, lens } = useSnapshot(viewport)
  const actions = useActions(viewport, hover)
  const { screenInches } = usePreferences()
  const isInverted = [...viewing.looks.values()].some((look) => look.isInverted)
  return (
    <div className={css.bar} role="toolbar" aria-label={title}>
      <Link to={listPath} className={css.back} aria-label={words.back} title={words.back}>
        <Icon name="back" />
        <span>{title}</span>
      </Link>
      <StageSteps viewport={viewport} viewing={viewing} />
      <div className={css.tools}>
        <WindowSelect viewport={viewport} viewing={viewing} />
        <Tool icon="invert" label={words.invert} sign="I" isOn={isInverted} onClick={actions.greyInvert} />
        <Tool icon="full" label={words.oneToOne} sign="X" onClick={actions.viewOneToOne} />
        <Tool icon="ruler" label={words.trueSize} sign="T" isOff={screenInches === null || !viewing.isToScale} onClick={actions.viewTrueSize} />
        <Tool icon="lens" label={words.lens} sign="M" isOn={lens !== null} onClick={actions.viewLens} />
        <Tool icon="link" label={words.link} sign="L" isOn={viewing.isLinked} onClick={actions.viewLink} />
        {viewing.priors.size > 0 && <Tool icon="prior" label={words.priors} sign="`" isOn={viewing.hasPriors} onClick={actions.viewPriors} />}
        <Tool icon="reset" label={words.reset} sign="R" onClick={actions.viewReset} />
        <ScreenNotes isAccelerated={viewport.isAccelerated} />
      </div>
    </div>
  )
}

interface ToolProps {
  icon: Parameters<typeof Icon>[0]['name']
  label: string
  /** The key that does the same. */
  sign: string
  isOn?: boolean
  isOff?: boolean
  onClick: () => void
}

function Tool({ icon, label, sign, isOn, isOff = false, onClick }: ToolProps) {
  return (
    <button type="button" className={css.tool} title={`${label} (${sign})`} aria-label={label} aria-pressed={isOn} disabled={isOff} onClick={onClick}>
      <Icon name={icon} />
    </button>
  )
}

/** The windows and tables of the first image that is shown; others offer the same in the same order. */
function WindowSelect({ viewport, viewing }: { viewport: Viewport; viewing: Viewing }) {
  const { viewing: words } = useWords()
  const imageId = viewing.panes[0]?.frame.imageId ?? ''
  const presentation = viewing.presentations.get(imageId)
  if (presentation === undefined) return null
  const look = viewing.looks.get(imageId) ?? FIRST_LOOK
  const given = { range: () => words.wholeRange, table: words.table, window: words.windowNamed }
  // windows and tables of an image often have the same names
  const nameOf = (kind: Choice['kind'], name: string, n: number) => (name === '' ? given[kind](n) : kind === 'table' ? `${name} (${words.table(n)})` : name)
  const choices = choicesOf(presentation)
  const numberOf = (kind: Choice['kind'], at: number) => choices.slice(0, at + 1).filter((one) => one.kind === kind).length
  const options = choices.map(({ kind, name }, value) => ({ value, name: nameOf(kind, name, numberOf(kind, value)) }))
  const choose = (choice: number) => viewport.act((before) => greying(before, imageId, ({ isInverted }) => ({ ...FIRST_LOOK, choice, isInverted })))
  return (
    <select className={css.select} aria-label={words.window} title={`${words.window} (W)`} value={look.choice} onChange={(event) => choose(Number(event.currentTarget.value))}>
      {options.map(({ value, name }) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  )
}
