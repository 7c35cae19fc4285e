import { useId } from 'react'
import type { Day } from '#schema/administering.ts'
import table from '../parts/parts.module.css'
import { useFormats, useWords } from '../words.ts'
import { type Bin, binned, daysPerBar } from './days.ts'
import css from './plots.module.css'
import { axisOver, STEPS } from './scale.ts'

const HEIGHT = 210
const BELOW = 22
const ABOVE = 16
/** Letters that fit beside each other. */
const MOST_LETTERS = 90

/** Readings by day, or by week where there are many: bars, the numbers on them, and all of them as a table. */
export function DaysPlot({ days }: { days: readonly Day[] }) {
  const { plots } = useWords()
  const formats = useFormats()
  const width = daysPerBar(days.length)
  const bins = binned(days, width)
  const nameOf = ({ first, last }: Bin) => (first === last ? formats.day(first) : `${formats.day(first)} – ${formats.day(last)}`)
  return (
    <figure>
      <Bars bins={bins} nameOf={nameOf} />
      <details className={css.numbers}>
        <summary>{plots.asTable}</summary>
        <div>
          <table className={table.table}>
            <caption className="unseen">{plots.readsPer(width)}</caption>
            <thead>
              <tr>
                <th scope="col">{plots.per(width)}</th>
                <th scope="col" className={table.number}>
                  {plots.reads}
                </th>
              </tr>
            </thead>
            <tbody>
              {bins.map((bin) => (
                <tr key={bin.first}>
                  <td>{nameOf(bin)}</td>
                  <td className={table.number}>{formats.number(bin.n)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}

function Bars({ bins, nameOf }: { bins: readonly Bin[]; nameOf: (bin: Bin) => string }) {
  const { plots } = useWords()
  const formats = useFormats()
  const title = useId()
  const most = bins.reduce((one, other) => (other.n > one.n ? other : one), { first: '', last: '', n: 0 })
  const top = axisOver([most.n], STEPS.count, 0).high
  const heightOf = (n: number) => (n / top) * (HEIGHT - BELOW - ABOVE)
  const slot = 100 / Math.max(bins.length, 12)
  const digits = String(most.n).length
  const isNumbered = bins.length * (digits + 1) <= MOST_LETTERS
  const nth = Math.ceil(bins.length / 14)
  const isNamed = (place: number) => place % nth === 0
  const floor = HEIGHT - BELOW
  return (
    <div className={css.days}>
      <svg width="100%" height={HEIGHT} role="img" aria-labelledby={`${title}t ${title}d`}>
        <title id={`${title}t`}>{plots.readsPerDay}</title>
        <desc id={`${title}d`}>{plots.most(formats.number(most.n), nameOf(most))}</desc>
        <line className={css.base} x1="0" x2="100%" y1={floor} y2={floor} />
        {bins.map((bin, place) => (
          <g key={bin.first}>
            <rect
              className={css.pole}
              x={`${place * slot + slot * 0.14}%`}
              width={`${slot * 0.72}%`}
              y={floor - heightOf(bin.n)}
              height={heightOf(bin.n)}
              rx={2}
            >
              <title>{`${nameOf(bin)}: ${formats.number(bin.n)}`}</title>
            </rect>
            {bin.n > 0 && (isNumbered || bin === most) && (
              <text className={css.count} x={`${(place + 0.5) * slot}%`} y={floor - heightOf(bin.n) - 4} textAnchor="middle">
                {formats.number(bin.n)}
              </text>
            )}
            {isNamed(place) && (
              <text x={`${(place + 0.5) * slot}%`} y={HEIGHT - 5} textAnchor="middle">
                {formats.day(bin.first)}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
  )
}
