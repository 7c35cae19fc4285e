import { boxAround } from '#draw/box.ts'
import { SIDES } from '#state/draft.ts'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import { useKeys } from '../shell/use-keys.ts'
import { CATEGORY_KEYS } from './finding-list.tsx'
import type { Seam } from './seam.ts'
import { releaseFocus } from './use-wanted.ts'

/** How large a box is that is marked by keys, in pixels of the page. */
const BY_KEYS = 90

/** Every key of answering: what it does to the place that is active. */
export function useMarkingKeys(desk: Desk, seam: Seam, onDefinitions: () => void): void {
  const { active, isDrawing } = useDeskSnapshot(desk)
  useKeys('marking', {
    sideSwitch: () => desk.activate({ kind: 'breast', side: otherSide(desk) }),
    findingNext: () => desk.stepMark(1),
    findingBefore: () => desk.stepMark(-1),
    findingDraw: () => (isDrawing ? markByKeys(desk, seam) : desk.draw(true)),
    definitionsShow: onDefinitions,
    commentWrite: () => document.querySelector<HTMLElement>('[data-field="comment"]')?.focus(),
    markingUndo: () => desk.undo(),
    markingRedo: () => desk.redo(),
    answerSubmit: () => (desk.isOver && desk.stage === 'done' ? desk.goOn() : void desk.submit()),
    examFlag: () => desk.ask('flag'),
  })
  const { labels } = desk.seat
  const side = active.kind === 'breast' ? active.side : null
  useKeys(
    'breast',
    side === null
      ? {}
      : {
          breastBirads: (key) => {
            const value = labels.breast.birads.find((one) => String(one.value) === key)?.value
            if (value !== undefined) desk.answer({ do: 'birads', side, value })
          },
          breastDensity: (key) => {
            const value = labels.breast.densities.find((one) => one.value.toLowerCase() === key.toLowerCase())?.value
            if (value !== undefined) desk.answer({ do: 'density', side, value })
          },
          drawingStop: () => desk.draw(false),
        },
  )
  const id = active.kind === 'mark' ? active.id : null
  useKeys(
    'finding',
    id === null
      ? {}
      : {
          findingBirads: (key) => {
            const value = labels.finding.birads.find((one) => String(one) === key)
            if (value !== undefined) desk.change({ do: 'markBirads', id, value })
          },
          findingCategory: (key) => {
            const category = labels.categories[CATEGORY_KEYS.indexOf(key.toLowerCase())]
            if (category !== undefined) desk.change({ do: 'category', id, name: category.name })
          },
          findingNipple: () => {
            const spot = seam.under()
            if (spot !== null) desk.change({ do: 'nipple', ...spot })
          },
          findingRemove: () => desk.change({ do: 'unmark', id }),
          findingLeave: () => (isDrawing ? desk.draw(false) : desk.activate({ kind: 'breast', side: sideOf(desk, id) })),
        },
  )
  useArbitratingKeys(desk)
}

function useArbitratingKeys(desk: Desk): void {
  const { items } = desk.seat
  const { item: looked } = useDeskSnapshot(desk)
  const item = items.find(({ key }) => key === looked)
  const take = (from: 'a' | 'b') => {
    if (item !== undefined) desk.take(item, from)
  }
  useKeys(
    'arbitrating',
    items.length === 0 ? {} : { differenceNext: () => desk.nextItem(), takeA: () => take('a'), takeB: () => take('b'), takeAgreed: () => desk.takeAgreed() },
  )
}

function otherSide(desk: Desk) {
  const { active } = desk.snapshot()
  const side = active.kind === 'breast' ? active.side : sideOf(desk, active.id)
  return SIDES.find((one) => one !== side && desk.draft.breasts[one] !== undefined) ?? side
}

function sideOf(desk: Desk, id: number) {
  const imageId = desk.draft.marks.find((mark) => mark.id === id)?.image_id
  return desk.seat.exam.images.find((image) => image.image_id === imageId)?.laterality ?? 'R'
}

function markByKeys(desk: Desk, seam: Seam): void {
  const spot = seam.spot()
  if (spot === null) return
  releaseFocus()
  const { frame, point, scale } = spot
  const least = desk.seat.labels.finding.min_box_size
  desk.mark(frame.imageId, boxAround(point, Math.max(least, BY_KEYS / scale), { columns: frame.columns, rows: frame.rows, least }))
}
