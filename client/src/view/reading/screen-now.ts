import type { Screen } from '#hanging/screen.ts'

/** The screen that the page is on. */
export function screenNow(): Screen {
  const { width, height, colorDepth } = globalThis.screen
  const devicePixels = globalThis.devicePixelRatio
  return { width: Math.round(width * devicePixels), height: Math.round(height * devicePixels), colorDepth, devicePixels }
}
