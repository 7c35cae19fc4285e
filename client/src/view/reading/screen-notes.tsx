import { NumberInput, Popover } from '@mantine/core'
import { warningsOf } from '#hanging/screen.ts'
import { prefer, usePreferences } from '#state/preferences.ts'
import { useWords } from '../words.ts'
import { Icon } from './icons.tsx'
import css from './reading.module.css'
import { screenNow } from './screen-now.ts'

const INCHES = { least: 7, most: 90 }

/** What the screen cannot show, and its size. */
export function ScreenNotes({ isAccelerated }: { isAccelerated: boolean }) {
  const { viewing: words } = useWords()
  const { screenInches } = usePreferences()
  const warnings = warningsOf(screenNow(), isAccelerated)
  // That 256 greys are few is so on nearly every screen: said to who asks, not pointed out to everybody.
  const isGrave = warnings.some((one) => one !== 'shallow')
  const keep = (value: number | string) => {
    const inches = Number(value)
    prefer({ screenInches: inches >= INCHES.least && inches <= INCHES.most ? inches : null })
  }
  return (
    <Popover width={340} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <button type="button" className={css.tool} title={words.screen} aria-label={words.screen} data-grave={isGrave || undefined}>
          <Icon name="screen" />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={css.screen}>
          <h2>{words.screenTitle}</h2>
          {warnings.map((one) => (
            <p key={one}>{words.warnings[one]}</p>
          ))}
          <NumberInput label={words.inches} description={words.inchesWhy} value={screenInches ?? ''} onChange={keep} min={INCHES.least} max={INCHES.most} step={0.1} decimalScale={1} />
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
