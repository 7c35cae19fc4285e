import type { Labels } from '#schema/marking.ts'
import { useWords } from '../words.ts'
import css from './form.module.css'

/** What every answer means; `isShort` leaves out what stands beside the categories already. */
export function Definitions({ labels, isShort }: { labels: Labels; isShort: boolean }) {
  const { labels: words } = useWords()
  const { breast, categories } = labels
  const parts = [
    { name: words.birads, rows: breast.birads.map(({ value, meaning }) => ({ term: String(value), meaning, more: '' })) },
    { name: words.densities, rows: breast.densities.map(({ value, meaning }) => ({ term: value, meaning, more: '' })) },
    { name: words.categories, rows: categories.map(({ name, definition, needs_birads: needs }) => ({ term: name, meaning: definition, more: needs ? words.needsBirads : '' })) },
  ]
  return (
    <section className={css.definitions} aria-label={words.definitions}>
      {(isShort ? [] : parts).map(({ name, rows }) => (
        <div key={name}>
          <h3>{name}</h3>
          <dl>
            {rows.map(({ term, meaning, more }) => (
              <div key={term} data-short={term.length === 1}>
                <dt>
                  {term} {more !== '' && <span>{more}</span>}
                </dt>
                <dd>{words.told(meaning)}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      <p>{words.source}</p>
    </section>
  )
}
