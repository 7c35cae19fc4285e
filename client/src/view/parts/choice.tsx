import css from './choice.module.css'

interface ChoiceProps<Value extends string> {
  label: string
  options: readonly { value: Value; name: string; count?: string | undefined }[]
  chosen: Value
  onChoose: (value: Value) => void
}

/** One of a few, side by side, each with how many there are. */
export function Choice<Value extends string>({ label, options, chosen, onChoose }: ChoiceProps<Value>) {
  return (
    <div className={css.choice} role="group" aria-label={label}>
      {options.map(({ value, name, count }) => (
        <button key={value} type="button" aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {name}
          {count !== undefined && <span className={css.count}>{count}</span>}
        </button>
      ))}
    </div>
  )
}
