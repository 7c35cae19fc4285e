import type { KeyboardEvent } from 'react'
import css from './form.module.css'

interface OneOfProps<Value extends string | number> {
  label: string
  options: readonly { readonly value: Value; readonly meaning: string }[]
  chosen: Value | null
  isOff: boolean
  /** Null takes the answer back. */
  onChoose: (value: Value | null) => void
  onEnter: () => void
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

/** One answer of a few: a click, or the arrows once it has the focus; what is chosen can be taken back by a second click. */
export function OneOf<Value extends string | number>({ label, options, chosen, isOff, onChoose, onEnter }: OneOfProps<Value>) {
  const at = options.findIndex(({ value }) => value === chosen)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Enter') {
      // else it would press the button that has the focus, and answer
      event.preventDefault()
      onEnter()
      return
    }
    const step = STEPS[event.key]
    if (step === undefined || isOff) return
    event.preventDefault()
    const next = (at === -1 ? (step > 0 ? 0 : options.length - 1) : at + step + options.length) % options.length
    onChoose(options[next]?.value ?? null)
    const buttons = event.currentTarget.querySelectorAll('button')
    buttons[next]?.focus()
  }
  return (
    <div className={css.oneOf} role="radiogroup" aria-label={label} onKeyDown={onKeyDown} tabIndex={-1}>
      {options.map(({ value, meaning }, n) => (
        <button
          key={value}
          type="button"
          role="radio"
          aria-checked={value === chosen}
          aria-label={meaning === '' ? String(value) : `${value}, ${meaning}`}
          title={meaning}
          disabled={isOff}
          tabIndex={n === Math.max(0, at) ? 0 : -1}
          // the focus stays where it was, so that Enter goes on to mean: submit
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(value === chosen ? null : value)}
        >
          {value}
        </button>
      ))}
    </div>
  )
}
