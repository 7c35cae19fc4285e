import { useEffect, useRef } from 'react'
import { type Desk, useDeskSnapshot } from '#state/reading.ts'
import type { Seam } from './seam.ts'

/** Bring what is missing, or what became active, into sight: in the form and among the images. */
export function useWanted(desk: Desk, seam: Seam) {
  const root = useRef<HTMLElement>(null)
  const { wanted, active, item } = useDeskSnapshot(desk)
  useEffect(() => {
    if (wanted === null) return undefined
    const name = wanted.place.kind === 'breast' ? wanted.place.side : String(wanted.place.id)
    const place = root.current?.querySelector(`[data-place="${name}"]`)
    const field = place?.querySelector(`[data-field="${wanted.field}"]`) ?? place
    field?.scrollIntoView({ block: 'nearest' })
    field?.setAttribute('data-wanted', 'true')
    return () => field?.removeAttribute('data-wanted')
  }, [wanted])
  useEffect(() => followFocus(root.current, desk), [desk])
  const id = active.kind === 'mark' ? active.id : null
  useEffect(() => {
    if (id === null) return
    root.current?.querySelector(`[data-place="${id}"]`)?.scrollIntoView({ block: 'nearest' })
    const mark = desk.draft.marks.find((one) => one.id === id)
    if (mark !== undefined) seam.reveal(mark.image_id)
  }, [id, desk, seam])
  useEffect(() => {
    const looked = desk.seat.items.find(({ key }) => key === item)
    if (looked?.about === 'finding') seam.reveal(looked.imageId)
    if (item !== null) root.current?.querySelector(`[data-item="${item}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [item, desk, seam])
  return root
}

/** Let what has the focus go, so that keys mean the image and the place that is active. */
export function releaseFocus(): void {
  if (document.activeElement instanceof HTMLElement && document.activeElement.id !== 'content') document.activeElement.blur()
}

/** What has the focus, or is pressed, is what keys answer. Returns how to stop. */
function followFocus(root: HTMLElement | null, desk: Desk): () => void {
  const listening = new AbortController()
  const onTouch = ({ target }: Event) => {
    const name = target instanceof Element ? target.closest('[data-place]')?.getAttribute('data-place') : null
    if (name === null || name === undefined) return
    desk.activate(name === 'R' || name === 'L' ? { kind: 'breast', side: name } : { kind: 'mark', id: Number(name) })
  }
  for (const name of ['focusin', 'pointerdown']) root?.addEventListener(name, onTouch, { signal: listening.signal })
  return () => listening.abort()
}
