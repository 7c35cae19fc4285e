import css from './reading.module.css'
import { type Lens as Held, lensRect } from './viewport/scene.ts'
import { paneOf, type Viewing } from './viewport/viewing.ts'

/** The frame of the magnifier; what is in it is painted with the images. */
export function Lens({ viewing, lens }: { viewing: Viewing; lens: Held }) {
  const pane = paneOf(viewing, lens.imageId)
  if (pane === undefined) return null
  const { x, y, width, height } = lensRect(pane.rect, lens.at)
  return <div className={css.lens} style={{ left: x, top: y, width, height }} aria-hidden="true" />
}
