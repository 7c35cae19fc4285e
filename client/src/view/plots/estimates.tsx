import type { ReactNode } from 'react'
import type { Estimate } from '#schema/administering.ts'
import table from '../parts/parts.module.css'
import { useFormats, useWords } from '../words.ts'
import css from './plots.module.css'
import type { Axis } from './scale.ts'
import { Interval, Ticks } from './track.tsx'

export interface EstimateRow {
  readonly id: string
  readonly name: ReactNode
  readonly estimate: Estimate
  /** Further numbers, after the heads of the columns. */
  readonly more?: readonly ReactNode[]
}

interface EstimatesProps {
  /** What is shown, for who cannot see it. */
  caption: string
  rows: readonly EstimateRow[]
  axis: Axis
  format: (value: number) => string
  /** Of the axis, where it is shorter. */
  formatTick?: (value: number) => string
  /** Heads: of the names, the values, the numbers of cases where they differ, and of what else the rows have. */
  heads: { name: string; value: string; n?: string; more?: readonly string[] }
}

/** Statistics with their intervals, as dots with whiskers: the plot is a table, with the numbers beside each mark. */
export function Estimates({ caption, rows, axis, format, formatTick, heads }: EstimatesProps) {
  const { plots } = useWords()
  return (
    <div className={css.scroll}>
      <table className={`${table.table} ${css.estimates}`}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{heads.name}</th>
            <td className={css.plot}>
              <Ticks axis={axis} format={formatTick ?? format} />
            </td>
            <th scope="col" className={table.number}>
              {heads.value}
            </th>
            <th scope="col">{plots.interval}</th>
            {heads.more?.map((head) => (
              <th key={head} scope="col" className={table.number}>
                {head}
              </th>
            ))}
            {heads.n !== undefined && (
              <th scope="col" className={table.number}>
                {heads.n}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} axis={axis} format={format} isCounted={heads.n !== undefined} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  row: EstimateRow
  axis: Axis
  format: (value: number) => string
  isCounted: boolean
}

function Row({ row, axis, format, isCounted }: RowProps) {
  const formats = useFormats()
  const { value, low, high, note, n } = row.estimate
  return (
    <tr>
      <th scope="row">{row.name}</th>
      {value === null ? (
        <td colSpan={3} className={css.why}>
          <Why note={note} />
        </td>
      ) : (
        <>
          <td className={css.plot}>
            <Interval axis={axis} value={value} low={low} high={high} />
          </td>
          <td className={`${table.number} ${css.value}`}>{format(value)}</td>
          <td className={css.interval}>
            {low !== null && high !== null ? `${format(low)} – ${format(high)}` : <NoInterval note={note} />}
          </td>
        </>
      )}
      {row.more?.map((cell, place) => (
        // oxlint-disable-next-line react/no-array-index-key -- the columns never change their order
        <td key={place} className={table.number}>
          {cell}
        </td>
      ))}
      {isCounted && <td className={table.number}>{formats.number(n)}</td>}
    </tr>
  )
}

/** A value without interval: why, in as few words as there is room for. */
function NoInterval({ note }: { note: string }) {
  const { plots } = useWords()
  return <span title={plots.why(note)}>{plots.noInterval(note)}</span>
}

/** Why there is no value. */
function Why({ note }: { note: string }) {
  const { plots } = useWords()
  return <span className={table.quiet}>{plots.why(note)}</span>
}
