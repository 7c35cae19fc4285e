import type { KeyboardEvent } from 'react'
import { labelOf } from '#hanging/labels.ts'
import { KEYS } from '#keys/table.ts'
import type { Category } from '#schema/marking.ts'
import type { Mark } from '#state/draft.ts'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import { useWords } from '../words.ts'
import css from './form.module.css'
import { OneOf } from './one-of.tsx'
import { Violations } from './violations.tsx'

/** Keys of the categories, in the order of the list. */
export const CATEGORY_KEYS: readonly string[] = KEYS.find(({ id }) => id === 'findingCategory')?.keys ?? []

interface FindingListProps {
  desk: Desk
  hasDefinitions: boolean
  onDefinitions: () => void
}

export function FindingList({ desk, hasDefinitions, onDefinitions }: FindingListProps) {
  const { marking: words } = useWords()
  const { history, isDrawing } = useDeskSnapshot(desk)
  const { marks } = history.present
  return (
    <section className={css.findings} aria-label={words.findings}>
      <div className={css.head}>
        <h2>{words.findings}</h2>
        <button type="button" className={css.quiet} aria-pressed={hasDefinitions} onClick={onDefinitions}>
          {hasDefinitions ? words.definitionsShown : words.definitions} <kbd>/</kbd>
        </button>
        <button type="button" className={css.quiet} aria-pressed={isDrawing} disabled={!desk.mayChange} onClick={() => desk.draw(!isDrawing)}>
          {words.draw} <kbd>O</kbd>
        </button>
      </div>
      {isDrawing && <p className={css.hint}>{words.drawing}</p>}
      {marks.length === 0 && !isDrawing && <p className={css.hint}>{words.noFindings}</p>}
      <ol className={css.list}>
        {marks.map((mark, n) => (
          <FindingRow key={mark.id} desk={desk} mark={mark} n={n} hasDefinitions={hasDefinitions} />
        ))}
      </ol>
    </section>
  )
}

/** Enter means submit wherever one is in the form; Space presses what has the focus. */
function submitInstead(event: KeyboardEvent, desk: Desk): void {
  event.preventDefault()
  void desk.submit()
}

interface FindingRowProps {
  desk: Desk
  mark: Mark
  n: number
  hasDefinitions: boolean
}

function FindingRow({ desk, mark, n, hasDefinitions }: FindingRowProps) {
  const words = useWords()
  const { active, violations } = useDeskSnapshot(desk)
  const { labels, exam } = desk.seat
  const image = exam.images.find(({ image_id: id }) => id === mark.image_id)
  const view = image === undefined ? '' : labelOf(image.laterality, image.view_position, image.attributes)
  const isActive = active.kind === 'mark' && active.id === mark.id
  const activate = () => desk.activate({ kind: 'mark', id: mark.id })
  const name = words.marking.finding(n + 1, view)
  const birads = labels.finding.birads.map((value) => ({ value, meaning: words.labels.told(labels.breast.birads.find((one) => one.value === value)?.meaning ?? '') }))
  const label = words.arbitration.kinds.birads
  return (
    <li className={css.finding} data-active={isActive} data-place={mark.id} aria-label={name}>
      <div className={css.head}>
        <button type="button" className={css.select} aria-pressed={isActive} onMouseDown={(event) => event.preventDefault()} onClick={activate}>
          <span className={css.number}>{n + 1}</span> {view}
        </button>
        <span data-field="birads" className={css.findingBirads}>
          <span className={css.name}>{label}</span>
          <OneOf label={`${label}, ${name}`} options={birads} chosen={mark.birads} isOff={!desk.mayChange} onEnter={() => void desk.submit()} onChoose={(value) => desk.change({ do: 'markBirads', id: mark.id, value })} />
        </span>
        <button type="button" className={css.remove} aria-label={words.marking.remove} title={`${words.marking.remove} (Del)`} disabled={!desk.mayChange} onClick={() => desk.change({ do: 'unmark', id: mark.id })}>
          ×
        </button>
      </div>
      <Violations violations={violations.filter(({ finding_index: index }) => index === n)} />
      {isActive ? (
        <Categories desk={desk} mark={mark} hasDefinitions={hasDefinitions} />
      ) : (
        <p className={css.chosen}>{mark.categories.join(', ')}</p>
      )}
    </li>
  )
}

function Categories({ desk, mark, hasDefinitions }: Omit<FindingRowProps, 'n'>) {
  const { marking: words, labels } = useWords()
  const { categories } = desk.seat.labels
  const toggle = ({ name }: Category) => desk.change({ do: 'category', id: mark.id, name })
  return (
    <div className={css.categories} role="group" aria-label={words.categories} data-field="categories">
      {categories.map((category, n) => {
        const isFirst = category.group !== '' && category.group !== categories[n - 1]?.group
        const isApart = category.group === '' && (categories[n - 1]?.group ?? '') !== ''
        return (
          <div key={category.name} className={css.category} data-apart={isApart}>
            {isFirst && <p className={css.group}>{labels.told(category.group)}</p>}
            <button
              type="button"
              aria-pressed={mark.categories.includes(category.name)}
              title={labels.told(category.definition)}
              disabled={!desk.mayChange}
              onMouseDown={(event) => event.preventDefault()}
              onKeyDown={(event) => (event.key === 'Enter' ? submitInstead(event, desk) : undefined)}
              onClick={() => toggle(category)}
            >
              <kbd>{CATEGORY_KEYS[n]?.toUpperCase() ?? ''}</kbd> {category.name}
            </button>
            {hasDefinitions && <p className={css.definition}>{labels.told(category.definition)}</p>}
          </div>
        )
      })}
    </div>
  )
}
