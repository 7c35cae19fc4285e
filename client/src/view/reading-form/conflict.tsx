import { Button } from '@mantine/core'
import { labelOf } from '#hanging/labels.ts'
import type { Finding } from '#schema/marking.ts'
import type { Conflict } from '#state/draft-keeper.ts'
import { type Difference, differencesOf } from '#state/draft-differences.ts'
import type { Desk } from '#state/reading.ts'
import { Dialog } from '../parts/dialog.tsx'
import filters from '../parts/filters.module.css'
import table from '../parts/parts.module.css'
import { useFormats, useWords } from '../words.ts'

function staysOpen(): void {
  // it goes with an answer only
}

const NOTHING = { breasts: [], findings: [], comment: '' }

/** Two versions of one answer, and where they differ; one of them is chosen as a whole, and neither is by default. */
export function ConflictDialog({ desk, conflict }: { desk: Desk; conflict: Conflict }) {
  const { marking: words } = useWords()
  const formats = useFormats()
  const differences = differencesOf(desk.reading, conflict.reading ?? NOTHING)
  return (
    <Dialog title={words.conflictTitle} onClose={staysOpen} isKept>
      <div className={filters.dialog}>
        <p>{words.conflictDetail}</p>
        {differences.length === 0 ? (
          <p>{words.sameAnswers}</p>
        ) : (
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{words.answer}</th>
                <th scope="col">{words.mine}</th>
                <th scope="col">
                  {words.other} {formats.time(conflict.saved_at)}
                </th>
              </tr>
            </thead>
            <tbody>
              {differences.map((one) => (
                <DifferenceRow key={JSON.stringify(one)} desk={desk} difference={one} />
              ))}
            </tbody>
          </table>
        )}
        <div className={filters.buttons}>
          <Button variant="default" onClick={() => desk.keepMine()}>
            {words.keepMine}
          </Button>
          <Button variant="default" onClick={() => desk.takeOther()}>
            {words.takeOther}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

function DifferenceRow({ desk, difference }: { desk: Desk; difference: Difference }) {
  const { marking: words, arbitration } = useWords()
  const told = (value: string | Finding | null) => {
    if (value === null || value === '') return words.nothing
    if (typeof value === 'string') return value
    const birads = value.birads === null ? [] : [`${arbitration.kinds.birads} ${value.birads}`]
    return [...value.categories, ...birads, value.box.map(Math.round).join(' ')].join(', ')
  }
  const name = () => {
    if (difference.about === 'comment') return words.comment
    if (difference.about !== 'finding') return `${difference.about === 'birads' ? arbitration.kinds.birads : words.density}, ${arbitration.sides[difference.side]}`
    const image = desk.seat.exam.images.find(({ image_id: id }) => id === difference.imageId)
    return image === undefined ? words.findings : `${words.findings}, ${labelOf(image.laterality, image.view_position, image.attributes)}`
  }
  return (
    <tr>
      <th scope="row">{name()}</th>
      <td>{told(difference.mine)}</td>
      <td>{told(difference.other)}</td>
    </tr>
  )
}
