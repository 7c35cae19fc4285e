import { labelOf } from '#hanging/labels.ts'
import type { Finding } from '#schema/marking.ts'
import { decisionOf, disputed, isDecided, type Item } from '#state/arbitrating.ts'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import form from '../reading-form/form.module.css'
import { useWords } from '../words.ts'
import css from './items.module.css'

/** What A and B say, item by item; the arbiter takes one of them or answers below. Nothing is decided beforehand. */
export function Items({ desk }: { desk: Desk }) {
  const { arbitrating: words } = useWords()
  const { history } = useDeskSnapshot(desk)
  const { items } = desk.seat
  const open = disputed(items).filter((item) => !isDecided(item, history.present)).length
  const hasAgreed = items.some((item) => item.kinds.length === 0 && !isDecided(item, history.present))
  return (
    <section className={css.items} aria-label={words.title}>
      <div className={form.head}>
        <h2>{words.undecided(open)}</h2>
        <button type="button" className={form.quiet} onClick={() => desk.nextItem()}>
          {words.next} <kbd>7</kbd>
        </button>
      </div>
      <ol className={form.list}>
        {items.map((item) => (
          <ItemRow key={item.key} desk={desk} item={item} />
        ))}
      </ol>
      <Comments desk={desk} />
      {hasAgreed && (
        <button type="button" className={form.quiet} disabled={!desk.mayChange} onClick={() => desk.takeAgreed()}>
          {words.agreed} <kbd>&apos;</kbd>
        </button>
      )}
    </section>
  )
}

/** What either wrote, as it was written: it is part of the answer, and says no name. */
function Comments({ desk }: { desk: Desk }) {
  const { marking, arbitrating: words } = useWords()
  const { comments } = desk.seat
  if (comments === undefined) return null
  const written = (['a', 'b'] as const).filter((from) => comments[from] !== '')
  if (written.length === 0) return null
  return (
    <section className={css.comments} aria-label={words.comments}>
      <h3>{marking.comment}</h3>
      {written.map((from) => (
        <p key={from} data-comment={from}>
          <span className={css.whose}>{from.toUpperCase()}</span> {comments[from]}
        </p>
      ))}
    </section>
  )
}

function ItemRow({ desk, item }: { desk: Desk; item: Item }) {
  const words = useWords()
  const { history, item: looked } = useDeskSnapshot(desk)
  const decision = decisionOf(item, history.present)
  const isLooked = item.key === looked
  const finding = ({ categories, birads }: Finding) => [categories.join(', '), ...(birads === null ? [] : [`${words.arbitration.kinds.birads} ${birads}`])].join('; ')
  const told = (from: 'a' | 'b') => {
    if (item.about !== 'finding') return item[from] ?? words.marking.nothing
    const said = item[from]
    return said === null ? words.arbitration.notMarked : finding(said)
  }
  return (
    <li className={css.item} data-item={item.key} data-looked={isLooked} data-differs={item.kinds.length > 0} data-opens={item.opens} data-decision={decision ?? ''}>
      <button type="button" className={css.name} aria-pressed={isLooked} onMouseDown={(event) => event.preventDefault()} onClick={() => desk.look(item.key)}>
        {nameOf(desk, item, words)}
        {item.kinds.length > 0 && (
          <span className={css.kinds} title={item.opens ? words.arbitrating.opens : words.arbitrating.differsOnly}>
            {item.kinds.map((kind) => words.arbitration.kinds[kind]).join(', ')}
            {!item.opens && <span className={css.only}>{words.arbitrating.differsOnly}</span>}
          </span>
        )}
      </button>
      <div className={css.choices}>
        {(['a', 'b'] as const).map((from) => (
          <button
            key={from}
            type="button"
            data-tone={from}
            aria-label={words.arbitrating.take(from.toUpperCase(), told(from))}
            aria-pressed={decision === from}
            disabled={!desk.mayChange}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => desk.take(item, from)}
          >
            <span className={css.whose}>{from.toUpperCase()}</span> {told(from)}
            {isLooked && <kbd>{from === 'a' ? 8 : 9}</kbd>}
          </button>
        ))}
      </div>
      {decision === 'own' && <p className={form.hint}>{words.arbitrating.own}</p>}
    </li>
  )
}

function nameOf(desk: Desk, item: Item, { arbitrating, arbitration }: ReturnType<typeof useWords>): string {
  if (item.about !== 'finding') return arbitrating.field(arbitration.kinds[item.about], arbitration.sides[item.side])
  const image = desk.seat.exam.images.find(({ image_id: id }) => id === item.imageId)
  const n = desk.seat.items.filter((one) => one.about === 'finding').findIndex(({ key }) => key === item.key) + 1
  return `${n}. ${arbitrating.finding(image === undefined ? '' : labelOf(image.laterality, image.view_position, image.attributes))}`
}
