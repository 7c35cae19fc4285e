import { Button } from '@mantine/core'
import type { Drawn } from '#schema/administering.ts'
import { useDraw, usePreviewOfDraw } from '#state/assignments.ts'
import { explainBy } from '#state/problems.ts'
import { Question } from '../parts/dialog.tsx'
import filters from '../parts/filters.module.css'
import { Loaded } from '../parts/loaded.tsx'
import { Note } from '../parts/note.tsx'
import table from '../parts/parts.module.css'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { useFormats, useWords } from '../words.ts'
import css from './assignments.module.css'

/** A draw: what it would do is shown first. */
export function Draw({ onClose }: { onClose: (done: string | null) => void }) {
  const { draw: words } = useWords().assignments
  const preview = usePreviewOfDraw(true)
  return (
    <div className={filters.dialog}>
      <p>{words.detail}</p>
      <Loaded query={preview} skeleton={<TableSkeleton rows={4} />}>
        {(drawn) => <Preview drawn={drawn} onClose={onClose} onAgain={() => void preview.refetch()} />}
      </Loaded>
    </div>
  )
}

interface PreviewProps {
  drawn: Drawn
  onClose: (done: string | null) => void
  onAgain: () => void
}

function Preview({ drawn, onClose, onAgain }: PreviewProps) {
  const words = useWords()
  const { draw: said, problems } = words.assignments
  const formats = useFormats()
  const draw = useDraw()
  const n = totalOf(drawn)
  const missing = Object.entries(drawn.missing).filter(([, count]) => count > 0)
  const isPartial = missing.length > 0
  const go = () =>
    draw.mutate(isPartial, {
      onSuccess: (made) => onClose(totalOf(made) === 0 ? said.doneNothing : said.done(formats.number(totalOf(made)))),
      // what is possible has changed since it was shown
      onError: onAgain,
    })
  const known = { ...problems, people: problems.missing }
  if (n === 0) return <NothingToDraw missing={missing} onClose={() => onClose(null)} />
  return (
    <Question
      yes={isPartial ? said.partial(formats.number(n)) : said.all(formats.number(n))}
      no={said.cancel}
      isBusy={draw.isPending}
      refusal={draw.isError ? explainBy(draw.error, words, known) : null}
      onYes={go}
      onNo={() => onClose(null)}
    >
      <p>{said.preview}</p>
      <DrawnTable drawn={drawn} />
      {isPartial && <Missing missing={missing} />}
    </Question>
  )
}

type MissingPeople = readonly [role: string, count: number][]

function Missing({ missing }: { missing: MissingPeople }) {
  const { draw: words } = useWords().assignments
  const formats = useFormats()
  const counts = missing.map(([role, count]) => words.missing[role as keyof typeof words.missing](formats.number(count)))
  return (
    <Note kind="mark">
      {counts.join(' ')} {words.missingDetail}
    </Note>
  )
}

function NothingToDraw({ missing, onClose }: { missing: MissingPeople; onClose: () => void }) {
  const { assignments: words, shell } = useWords()
  return (
    <div className={filters.dialog}>
      {missing.length > 0 ? <Missing missing={missing} /> : <Note kind="good">{words.draw.nothing}</Note>}
      <div className={filters.buttons}>
        <Button onClick={onClose}>{shell.close}</Button>
      </div>
    </div>
  )
}

function totalOf(drawn: Drawn): number {
  return columnsOf(drawn).reduce((sum, counts) => sum + sumOf(counts), 0)
}

function columnsOf({ reads, arbitrations, seniors }: Drawn): Readonly<Record<string, number>>[] {
  return [reads, arbitrations ?? {}, seniors ?? {}]
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/** Who would get how many, by name; roles in which nobody gets any have no column. */
function DrawnTable({ drawn }: { drawn: Drawn }) {
  const { draw: words } = useWords().assignments
  const formats = useFormats()
  const heads = [words.reads, words.arbitrations, words.seniors]
  const columns = columnsOf(drawn)
    .map((counts, place) => ({ counts, head: heads[place] ?? '' }))
    .filter(({ counts }) => sumOf(counts) > 0)
  const names = [...new Set(columns.flatMap(({ counts }) => Object.keys(counts)))].toSorted((one, other) => one.localeCompare(other))
  return (
    <div className={css.drawnScroll}>
      <table className={`${table.table} ${css.drawn}`}>
        <thead>
          <tr>
            <th scope="col">{words.person}</th>
            {columns.map(({ head }) => (
              <th key={head} scope="col" className={table.number}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <td>{name}</td>
              {columns.map(({ head, counts }) => (
                <td key={head} className={table.number}>
                  {formats.number(counts[name] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.total}</th>
            {columns.map(({ head, counts }) => (
              <td key={head} className={table.number}>
                {formats.number(sumOf(counts))}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  )
}
