import { type RefObject, useState } from 'react'
import type { Saying, Sender } from '#state/review-outbox.ts'
import { holdsRejected } from '#state/review-verdicts.ts'
import { useWords } from '../words.ts'
import type { useNotice } from './use-notice.ts'
import { approvalOf, ofElement, ofValue, useSeenRows, type ValuesPlace } from './use-values.ts'

type Say = ReturnType<typeof useNotice>[1]
export type Asked = 'value' | 'element' | null

interface Work {
  place: ValuesPlace
  sender: Sender
  say: Say
  /** The box that the values scroll in. */
  box: RefObject<HTMLElement | null>
}

/** What a reviewer does among the values: decide, take back, go on to what waits. */
export function useValuesWork({ place, sender, say, box }: Work) {
  const { reviewValues: words } = useWords()
  const [asked, ask] = useState<Asked>(null)
  const { element, values = [], at, isWhole } = place
  const [seen, onSeen] = useSeenRows(element, isWhole)
  const go = useGo(place)
  const current = values[at]
  const hidesRejection = () =>
    !isWhole && holdsRejected(element, values.map((one) => one.row), place.said.get(element.element))

  const decide = (sayings: readonly Saying[]) => {
    sender.say(sayings)
    place.setPane('values')
    say(null)
    go.afterDeciding(new Set(sayings.flatMap((one) => (one.kind === 'value' ? [one.value] : []))))
  }
  const lookAtEach = () => {
    place.toggleWhole()
    say(words.holdsRejected)
  }
  const approve = () => {
    if (current === undefined) return
    if (current.row.range !== null && hidesRejection()) lookAtEach()
    else decide([ofValue(element, current.row, 'approve')])
  }
  const approveAll = () => {
    if (values.length === 0) return
    const n = values.filter((one) => seen.has(one.row.value)).length
    if (n < values.length) {
      say(words.notAllSeen(String(n), String(values.length)))
      scrollOn(box.current)
    } else if (hidesRejection()) lookAtEach()
    else decide(approvalOf(element, values))
  }
  const reject = (reason: string) => {
    ask(null)
    if (asked === 'element') decide([ofElement(element, 'reject', reason)])
    else if (current !== undefined) decide([ofValue(element, current.row, 'reject', reason)])
  }
  return { current, asked, ask, approve, approveAll, reject, undo: useUndo(place, sender, say), go, onSeen, seen }
}

function useGo(place: ValuesPlace) {
  const { rows, element, values = [], at, setAt, setName, pane } = place
  const here = rows.findIndex((one) => one.element.element === element.element)
  const toElement = (by: 1 | -1) => {
    const found = rows[here + by]
    if (found !== undefined) setName(found.element.element)
  }
  const toWaiting = () => {
    const order = [...rows.slice(here + 1), ...rows.slice(0, Math.max(0, here))]
    const found = order.find((one) => one.left > 0)
    if (found !== undefined) setName(found.element.element)
  }
  const by = (step: 1 | -1) => {
    if (pane === 'elements') toElement(step)
    else setAt(Math.min(Math.max(at + step, 0), Math.max(0, values.length - 1)))
  }
  /** To the next row that waits, in this element and then in the others; `decided` holds null for all of them. */
  const afterDeciding = (decided: ReadonlySet<string | null>) => {
    const waits = (place_: number) => {
      const one = values[place_]
      return one !== undefined && one.verdict === null && !decided.has(one.row.value) && !decided.has(null)
    }
    const order = values.map((_, n) => (at + 1 + n) % values.length)
    const next = order.find(waits)
    if (next === undefined) toWaiting()
    else setAt(next)
  }
  return { by, toWaiting, afterDeciding }
}

/** Take back what was said last, and go to where that was. */
function useUndo(place: ValuesPlace, sender: Sender, say: Say) {
  const { review } = useWords()
  return () => {
    const undone = sender.undo()
    if (undone === null) {
      say(review.nothingToUndo)
      return
    }
    const first = undone.sayings[0]
    if (first?.kind === 'value') {
      place.setFilter('')
      place.setName(first.element)
      const at = place.element.element === first.element ? rowOf(place, first.value) : -1
      if (at >= 0) place.setAt(at)
    }
    say(undone.isRecorded ? review.undoneRecorded : review.undone(undone.sayings.length), undone.isRecorded ? 'mark' : 'good')
  }
}

function rowOf({ values = [] }: ValuesPlace, value: string | null): number {
  return values.findIndex((one) => one.row.value === value)
}

export function scrollOn(box: HTMLElement | null): void {
  box?.scrollBy({ top: box.clientHeight * 0.9 })
}
