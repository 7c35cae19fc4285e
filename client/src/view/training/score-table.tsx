import { Link } from 'react-router'
import type { Score, Training } from '#schema/training.ts'
import table from '../parts/parts.module.css'
import { useFormats, useWords } from '../words.ts'

/** How each exam of the round went, and all together. */
export function ScoreTable({ training: { exams, score, is_complete: isComplete } }: { training: Training }) {
  const { training: words } = useWords()
  const { columns } = words
  return (
    <table className={`${table.table} ${table.fitted}`} aria-label={words.title}>
      <thead>
        <tr>
          <th scope="col">{columns.exam}</th>
          {[columns.found, columns.extra, columns.birads, columns.density].map((name) => (
            <th key={name} scope="col" className={table.number}>
              {name}
            </th>
          ))}
          {/* takes up the rest of the line */}
          <th aria-hidden="true" />
        </tr>
      </thead>
      <tbody>
        {exams.map((exam) => (
          <tr key={exam.number} data-exam={exam.number}>
            <td>
              <Link to={`/training/${exam.number}`}>{words.exam(exam.number)}</Link>
            </td>
            <Cells score={exam.score} />
          </tr>
        ))}
        {isComplete && (
          <tr data-exam="all">
            <th scope="row">{words.total}</th>
            <Cells score={score} />
          </tr>
        )}
      </tbody>
    </table>
  )
}

function Cells({ score }: { score: Score | null }) {
  const { training: words } = useWords()
  const formats = useFormats()
  if (score === null) {
    return (
      <td colSpan={5} className={table.quiet}>
        {words.toRead}
      </td>
    )
  }
  const share = (alike: number, asked: number) => (asked === 0 ? '–' : words.of(formats.number(alike), formats.number(asked)))
  return (
    <>
      <td className={table.number}>{share(score.found, score.found + score.missed)}</td>
      <td className={table.number}>{formats.number(score.extra)}</td>
      <td className={table.number}>{share(score.birads_alike, score.birads_asked)}</td>
      <td className={table.number}>{share(score.density_alike, score.density_asked)}</td>
      <td aria-hidden="true" />
    </>
  )
}
