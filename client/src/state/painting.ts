// When the page has been painted: what nobody looks at is done after that.

/** Wait until the page as it is now is on the screen; where nobody sees it there is nothing to wait for. */
export async function painted(): Promise<void> {
  if (document.hidden) return
  await Promise.race([frame(), new Promise((resolve) => void setTimeout(resolve, LONGEST_MS))])
}

/** A page that is covered may get no frames. */
const LONGEST_MS = 200

async function frame(): Promise<void> {
  await new Promise((resolve) => void requestAnimationFrame(resolve))
  await new Promise((resolve) => void setTimeout(resolve))
}
