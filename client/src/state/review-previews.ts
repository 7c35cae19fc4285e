import { useEffect, useState, useSyncExternalStore } from 'react'
import { getPicture } from '#api/review.ts'
import { type Loaded, Pictures } from './review-pictures.ts'

export type Previews = Pictures<ImageBitmap>
export type Preview = Loaded<ImageBitmap>

/** The pictures of a page; they are forgotten with it. */
export function usePreviews(): Previews {
  const [previews] = useState(() => new Pictures(getPicture))
  useEffect(() => () => previews.clear(), [previews])
  return previews
}

/** Have pictures ready, most urgent first. */
export function usePreviewsAhead(previews: Previews, urls: readonly string[]): void {
  const wanted = urls.join('\n')
  useEffect(() => previews.want(wanted === '' ? [] : wanted.split('\n')), [previews, wanted])
}

export function usePreview(previews: Previews, url: string): Preview {
  return useSyncExternalStore(previews.subscribe, () => previews.get(url))
}
