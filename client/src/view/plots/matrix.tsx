import { useWords } from '../words.ts'
import css from './plots.module.css'

export interface Cell {
  readonly first: string
  readonly second: string
  readonly value: number | null
}

interface MatrixProps {
  caption: string
  names: readonly string[]
  cells: readonly Cell[]
  format: (value: number) => string
}

/** A value between each two of a few names: the deeper the color, the higher. */
export function Matrix({ caption, names, cells, format }: MatrixProps) {
  const known = new Map(cells.flatMap(({ first, second, value }) => [[`${first}\n${second}`, value], [`${second}\n${first}`, value]]))
  return (
    <div className={css.scroll}>
      <table className={css.matrix}>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            <td data-empty>{/* above the names of the rows */}</td>
            {names.map((name) => (
              <th key={name} scope="col" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((row) => (
            <tr key={row}>
              <th scope="row" title={row}>
                {row}
              </th>
              {names.map((column) => (
                <MatrixCell key={column} isSelf={row === column} value={known.get(`${row}\n${column}`)} format={format} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface MatrixCellProps {
  isSelf: boolean
  /** Undefined where two have nothing in common, null where the statistic is not defined. */
  value: number | null | undefined
  format: (value: number) => string
}

function MatrixCell({ isSelf, value, format }: MatrixCellProps) {
  const { plots } = useWords()
  if (isSelf) return <td data-empty aria-hidden="true" />
  if (value === undefined || value === null) {
    const why = value === undefined ? plots.nothingShared : plots.undefined
    return (
      <td data-none title={why}>
        <span aria-hidden="true">–</span>
        <span className="unseen">{why}</span>
      </td>
    )
  }
  return <td style={{ '--share': depthOf(value) } as React.CSSProperties}>{format(value)}</td>
}

/** How deep the color of a value is, 0 to 1: steeper at the top, where agreements lie close together. */
function depthOf(value: number): number {
  return Math.max(0, value) ** 3
}
