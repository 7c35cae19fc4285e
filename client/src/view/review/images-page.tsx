import { useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { ImageList, ListName, Summary } from '#schema/review.ts'
import { useAnew, useImages, useReviewSummary } from '#state/review.ts'
import type { Outbox, Saying } from '#state/review-outbox.ts'
import { useOutbox, useSender, useSendOnLeaving } from '#state/review-saying.ts'
import { useLiking } from '#state/review-look.ts'
import { isInPart } from '#state/review-screens.ts'
import { imagesLeft } from '#state/review-verdicts.ts'
import { Loaded } from '../parts/loaded.tsx'
import { useKeys } from '../shell/use-keys.ts'
import { useFormats, useWords } from '../words.ts'
import { ImagesWork } from './images-work.tsx'
import { ListEmpty } from './list-end.tsx'
import { RegionsWork } from './regions-work.tsx'
import css from './review.module.css'
import { WorkBar } from './work-bar.tsx'

/** In the order in which they are worked on: what is held, what somebody says is wrong, then everything. */
const LISTS: readonly ListName[] = ['regions', 'flagged', 'disagreement', 'pending', 'second', 'rejected', 'approved']
const FINISHED = new Set<ListName>(['rejected', 'approved'])

export default function ImagesPage() {
  const [search, setSearch] = useSearchParams()
  const list = asList(search.get('list'))
  const sender = useSender()
  useSendOnLeaving(sender)
  const outbox = useOutbox(sender)
  const summary = useReviewSummary()
  const anew = useAnew()
  const [shown, setShown] = useState<string | null>(null)
  const show = (chosen: ListName) => setSearch({ list: chosen }, { replace: true })
  const step = (by: 1 | -1) => show(LISTS[(LISTS.indexOf(list) + by + LISTS.length) % LISTS.length] ?? 'pending')
  useKeys('images', { listNext: () => step(1), listBefore: () => step(-1) })
  const progress = useProgress(list, summary.data, outbox)
  return (
    <div className={css.page} data-wide>
      <WorkBar
        title={progress.title}
        left={progress.left}
        share={progress.share}
        sender={sender}
        outbox={outbox}
        onShow={setShown}
        onReload={() => {
          sender.forget((saying) => isOf(saying, list))
          void anew.restart(list === 'regions' ? 'regions' : 'images')
        }}
      >
        <Lists list={list} counts={progress.counts} onChoose={show} />
      </WorkBar>
      {list === 'regions' ? <RegionsWork /> : <List key={list} list={list} shown={shown} onShown={() => setShown(null)} />}
    </div>
  )
}

function asList(text: string | null): ListName {
  return LISTS.find((one) => one === text) ?? 'pending'
}

type Counts = Record<ListName, number>

function useProgress(list: ListName, summary: Summary | undefined, outbox: Outbox) {
  const { review, reviewImages: words } = useWords()
  const { number } = useFormats()
  const counts = summary && imagesLeft(summary, outbox.entries)
  const left = counts?.[list] ?? 0
  const decided = list === 'pending' && summary !== undefined ? summary.images.approved + summary.images.rejected : saidIn(list, outbox)
  const all = decided + left
  return {
    title: words.title,
    counts,
    left: counts === undefined || FINISHED.has(list) ? '' : left === 0 ? review.nothingLeft : review.left(number(left)),
    share: all === 0 ? 1 : decided / all,
  }
}

/** How much was decided here of a list. */
function saidIn(list: ListName, { entries }: Outbox): number {
  return entries.filter(({ saying }) => isOf(saying, list)).length
}

function isOf(saying: Saying, list: ListName): boolean {
  return saying.kind === 'image' ? saying.list === list : saying.kind === 'region' && list === 'regions'
}

function Lists({ list, counts, onChoose }: { list: ListName; counts: Counts | undefined; onChoose: (list: ListName) => void }) {
  const { reviewImages: words } = useWords()
  const { number } = useFormats()
  return (
    <div className={css.lists} role="group" aria-label={words.title}>
      {LISTS.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === list}
          data-empty={counts !== undefined && counts[one] === 0}
          onClick={() => onChoose(one)}
        >
          {words.lists[one]}
          {counts !== undefined && counts[one] > 0 && <span>{number(counts[one])}</span>}
        </button>
      ))}
    </div>
  )
}

interface ListProps {
  list: ImageList
  /** The image to be brought on the screen. */
  shown: string | null
  onShown: () => void
}

function List({ list, shown, onShown }: ListProps) {
  const sender = useSender()
  const images = useImages(list)
  const liking = useLiking()
  const part = `${liking.part.which} ${liking.part.of}`
  useEffect(() => sender.forget((saying) => isOf(saying, list)), [sender, list])
  return (
    <Loaded query={images} skeleton={<div className={css.stage} aria-busy="true" />}>
      {(found) =>
        found.length === 0 ? (
          <ListEmpty list={list} />
        ) : (
          <ImagesWork
            key={part}
            list={list}
            images={list === 'pending' ? found.filter((one) => isInPart(one, liking.part)) : found}
            hasMore={images.hasNextPage}
            more={images.more}
            shown={shown}
            onShown={onShown}
          />
        )
      }
    </Loaded>
  )
}

