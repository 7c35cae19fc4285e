import type { Part } from '#schema/reading-room.ts'
import type { Decisions, Element, ImageList, Recorded, Region, ReviewImage, Summary, Value } from '#schema/review.ts'
import { ask } from './http.ts'
import { Problem, problemOf } from './problem.ts'

const MOST = 200
/** Browsers let go of a page only with requests below 64 KiB under way. */
const MOST_KEPT_ALIVE = 60_000

export function getSummary(signal: AbortSignal): Promise<Summary> {
  return ask('GET', '/review/summary', { signal })
}

/** Every element that files hold, in the order in which they are looked at. */
export function getElements(signal: AbortSignal): Promise<Element[]> {
  return whole((cursor) => ask('GET', '/review/elements', { query: { cursor, limit: MOST }, signal }))
}

export function getValues(element: string, isWhole: boolean, signal: AbortSignal): Promise<Value[]> {
  const path = `/review/elements/${encodeURIComponent(element)}/values`
  return whole((cursor) => ask('GET', path, { query: { whole: isWhole, cursor, limit: MOST }, signal }))
}

export function getImages(state: ImageList, cursor: string | null, limit: number, signal: AbortSignal) {
  return ask<Part<ReviewImage>>('GET', '/review/images', { query: { state, cursor, limit }, signal })
}

export function getImage(imageId: string, signal: AbortSignal): Promise<ReviewImage> {
  return ask('GET', `/review/images/${encodeURIComponent(imageId)}`, { signal })
}

export function getRegions(signal: AbortSignal): Promise<Region[]> {
  return whole((cursor) => ask('GET', '/review/regions', { query: { cursor, limit: MOST }, signal }))
}

/** Say several things at once; the request outlives the page. */
export function decide(decisions: Decisions): Promise<Recorded> {
  const isKeptAlive = JSON.stringify(decisions).length < MOST_KEPT_ALIVE
  return ask('POST', '/review/decisions', { body: decisions, keepalive: isKeptAlive })
}

/**
 * A picture, decoded. Not by an element of the page: what it shows may hold a name, so it lives in this page's memory
 * and nowhere else.
 */
export async function getPicture(url: string, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { signal, credentials: 'same-origin', cache: 'no-store' }).catch((error: unknown) => {
    if (signal.aborted) throw error
    throw new Problem(0, null)
  })
  if (!response.ok) throw await problemOf(response)
  return createImageBitmap(await response.blob())
}

async function whole<Item>(page: (cursor: string | null) => Promise<Part<Item>>, cursor: string | null = null): Promise<Item[]> {
  const { items, next_cursor } = await page(cursor)
  return next_cursor === null ? items : [...items, ...(await whole(page, next_cursor))]
}
