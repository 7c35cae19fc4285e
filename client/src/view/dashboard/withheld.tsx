import { mayOpen } from '#state/access.ts'
import { useMe } from '#state/session.ts'
import { Card } from '../parts/card.tsx'
import { useWords } from '../words.ts'
import css from './dashboard.module.css'

/** Says what is not shown to this person now, and why. */
export function Withheld() {
  const { withheld: words } = useWords().dashboard
  const me = useMe()
  const isReading = mayOpen(me, ['reader', 'arbiter'])
  const why = me.roles.includes('admin') ? words.admin : isReading ? words.reader : words.reviewer
  return (
    <Card>
      <div className={css.withheld} data-withheld>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <rect x="5" y="10.500" width="14" height="9.500" rx="2" />
          <path d="M8 10.500V8a4 4 0 0 1 8 0v2.500" />
        </svg>
        <h2>{words.title}</h2>
        <p>{why}</p>
      </div>
    </Card>
  )
}
