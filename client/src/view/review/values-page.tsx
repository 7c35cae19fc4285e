import { useCallback, useEffect, useRef, useState } from 'react'
import type { Element } from '#schema/review.ts'
import { useAnew, useElements, useValuesLeft } from '#state/review.ts'
import type { Saying, Sender } from '#state/review-outbox.ts'
import { useSender, useSendOnLeaving } from '#state/review-saying.ts'
import { Link } from 'react-router'
import { Loaded } from '../parts/loaded.tsx'
import { Note } from '../parts/note.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { useKeys } from '../shell/use-keys.ts'
import { useFormats, useWords } from '../words.ts'
import { ElementHead } from './element-head.tsx'
import { ElementList } from './element-list.tsx'
import { Example } from './example.tsx'
import { RejectValue } from './reject-value.tsx'
import css from './review.module.css'
import { type Notice, useNotice } from './use-notice.ts'
import { useValuesPlace, type ValuesPlace } from './use-values.ts'
import { scrollOn, useValuesWork } from './use-values-work.ts'
import { ValueList } from './value-list.tsx'
import { ValuesFoot } from './values-foot.tsx'
import { NoticeLine, WorkBar } from './work-bar.tsx'

export default function ValuesPage() {
  const { reviewValues: words } = useWords()
  const elements = useElements()
  const sender = useSender()
  useSendOnLeaving(sender)
  const anew = useAnew()
  useEffect(() => {
    sender.forget(isValue)
    anew.drop('values')
  }, [sender, anew])
  return (
    <Loaded query={elements} skeleton={<TableSkeleton />}>
      {(found) => (found.length === 0 ? <Nothing title={words.empty} /> : <ValuesWork elements={found} />)}
    </Loaded>
  )
}

type Work = ReturnType<typeof useValuesWork>

const isValue = (saying: Saying) => saying.kind === 'value'

function ValuesWork({ elements }: { elements: readonly Element[] }) {
  const { reviewValues: words } = useWords()
  const { number } = useFormats()
  const sender = useSender()
  const place = useValuesPlace(elements, sender)
  useValuesLeft(place.left)
  const [notice, say] = useNotice()
  const box = useRef<HTMLDivElement>(null)
  const filterField = useRef<HTMLInputElement>(null)
  const scroller = useRef<HTMLElement>(null)
  const work = useValuesWork({ place, sender, say, box: scroller })
  const [isExample, showExample] = useState(false)
  useEffect(() => {
    scroller.current = box.current?.querySelector<HTMLElement>('[data-values]') ?? null
  })
  useChanged(sender, place.outbox.faults, elements, say)
  useValuesKeys({ place, work, scroller, filterField, isExample, showExample })
  const reload = useReload(sender)
  const done = place.total === 0 ? 1 : 1 - place.left / place.total
  return (
    <div className={css.page} data-wide ref={box}>
      <WorkBar
        title={words.title}
        left={place.left === 0 ? words.allDone : words.left(number(place.left))}
        share={done}
        sender={sender}
        outbox={place.outbox}
        onShow={(subject) => place.setName(subject.split('=')[0])}
        onReload={reload}
      />
      <div className={css.panes}>
        <ElementList
          rows={place.rows}
          current={place.element.element}
          isActive={place.pane === 'elements'}
          filter={place.filter}
          filterField={filterField}
          onFilter={place.setFilter}
          onLeaveFilter={() => {
            filterField.current?.blur()
            place.setPane('elements')
          }}
          onChoose={(name) => {
            place.setName(name)
            place.setPane('elements')
          }}
        />
        <Detail
          place={place}
          work={work}
          notice={notice}
          isExample={isExample}
          onExample={() => showExample(!isExample)}
        />
      </div>
    </div>
  )
}

interface DetailProps {
  place: ValuesPlace
  work: Work
  notice: Notice | null
  isExample: boolean
  onExample: () => void
}

/** The values of the current element, and what can be done with them. */
function Detail({ place, work, notice, isExample, onExample }: DetailProps) {
  const { reviewValues: words, reviewImages } = useWords()
  const { element, values, query, isWhole } = place
  return (
    <section className={css.detail} aria-label={element.element}>
      {place.left === 0 && (
        <div className={css.trouble}>
          <Note kind="good">
            {words.allDone} <Link to="/review">{reviewImages.toReview}</Link>
          </Note>
        </div>
      )}
      <ElementHead element={element} isWhole={isWhole} onWhole={place.toggleWhole} rows={values} />
      <Loaded query={query} skeleton={<TableSkeleton rows={5} />}>
        {() => (
          <ValueList
            label={element.element}
            rows={values ?? []}
            at={place.at}
            isActive={place.pane === 'values'}
            onChoose={(at) => {
              place.setAt(at)
              place.setPane('values')
            }}
            onSeen={work.onSeen}
            isAllSeen={values !== undefined && values.every((one) => work.seen.has(one.row.value))}
          />
        )}
      </Loaded>
      {isExample && <Example imageId={work.current?.row.example_image_id ?? null} onClose={onExample} />}
      {work.asked !== null && (
        <RejectValue
          element={element.element}
          isWhole={work.asked === 'element'}
          onReject={work.reject}
          onClose={() => work.ask(null)}
        />
      )}
      <NoticeLine notice={notice} />
      <ValuesFoot work={work} isExample={isExample} onExample={onExample} />
    </section>
  )
}

interface KeysProps {
  place: ValuesPlace
  work: Work
  scroller: React.RefObject<HTMLElement | null>
  filterField: React.RefObject<HTMLInputElement | null>
  isExample: boolean
  showExample: (isShown: boolean) => void
}

function useValuesKeys({ place, work, scroller, filterField, isExample, showExample }: KeysProps): void {
  const open = () => {
    if (place.pane === 'elements') place.setPane('values')
    else if (work.current !== undefined && work.current.row.range !== null) place.toggleWhole()
  }
  const close = () => {
    if (isExample) showExample(false)
    else if (place.isWhole) place.toggleWhole()
    else place.setPane('elements')
  }
  useKeys('values', {
    valueDown: () => work.go.by(1),
    valueUp: () => work.go.by(-1),
    valueApprove: work.approve,
    elementApprove: work.approveAll,
    valueReject: () => work.ask('value'),
    elementReject: () => work.ask('element'),
    valueUndo: work.undo,
    elementOpen: open,
    elementClose: close,
    elementNext: work.go.toWaiting,
    valuesPage: () => scrollOn(scroller.current),
    valueExample: () => showExample(!isExample),
    valuesFilter: () => filterField.current?.select(),
  })
}

/** Ask for everything anew; what is held is kept. */
function useReload(sender: Sender): () => void {
  const anew = useAnew()
  return useCallback(() => {
    sender.forget(isValue)
    void anew.refresh('elements')
    void anew.refresh('values')
  }, [sender, anew])
}

/** When the server says that an element has other values by now, ask for them and say so. */
function useChanged(
  sender: Sender,
  faults: ReadonlyMap<string, string>,
  elements: readonly Element[],
  say: ReturnType<typeof useNotice>[1],
): void {
  const { reviewValues: words } = useWords()
  const reload = useReload(sender)
  const isChanged = elements.some((one) => faults.has(one.element))
  useEffect(() => {
    if (!isChanged) return
    say(words.changed, 'bad')
    reload()
  }, [isChanged, reload, say, words])
}
