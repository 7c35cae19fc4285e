import { useState } from 'react'
import type { ImageList, RejectionReason, ReviewImage, Verdict } from '#schema/review.ts'
import type { ImageSaying, Sender } from '#state/review-outbox.ts'
import { useWords } from '../words.ts'
import type { useNotice } from './use-notice.ts'
import { nextStart, type Screens } from './use-screens.ts'

export type Mode = 'grid' | 'large' | 'full'

interface Work {
  screens: Screens
  sender: Sender
  say: ReturnType<typeof useNotice>[1]
  mode: Mode
  setMode: (mode: Mode) => void
  isPainted: boolean
  isReady: boolean
  /** Whether a picture cannot be shown. */
  hasFailed: (image: ReviewImage) => boolean
}

/** Lists in which one key approves the whole screen; in the others pictures are decided about one by one. */
const IN_BULK = new Set<ImageList>(['pending', 'second', 'flagged', 'disagreement'])

/** What a reviewer does in front of pictures: approve the screen, reject one, take back. */
export function useImagesWork({ screens, sender, say, mode, setMode, isPainted, isReady, hasFailed }: Work) {
  const { reviewImages: words } = useWords()
  const [isAsking, ask] = useState(false)
  const { list, screen, image } = screens
  const inBulk = IN_BULK.has(list)
  const isAlone = screen?.images.length === 1

  const leave = (decided: ReadonlySet<string> = new Set()) => {
    setMode('grid')
    screens.go(nextStart(screens, decided))
  }
  const approve = () => {
    if (screen === undefined) return
    if (!inBulk) {
      if (list === 'rejected' && image !== undefined) sender.say([sayingOf(list, image, 'approve')])
      return
    }
    if (mode !== 'grid') return say(words.onlyScreen)
    if (!isPainted) return say(words.notPainted)
    if (!isReady) return say(words.tooQuick)
    const waiting = screen.images.filter(screens.isWaiting)
    const shown = waiting.filter((one) => !hasFailed(one))
    if (waiting.length > 0 && shown.length === 0) return say(words.someFailed(waiting.length), 'bad')
    sender.say(shown.map((one) => sayingOf(list, one, 'approve')))
    say(shown.length < waiting.length ? words.someFailed(waiting.length - shown.length) : null, 'bad')
    leave(new Set(waiting.map((one) => one.image_id)))
  }
  const reject = (reason: RejectionReason | null) => {
    ask(false)
    if (image === undefined) return
    if (reason === null) unreject(sender, list, image)
    else sender.say([sayingOf(list, image, 'reject', reason)])
    if (reason !== null && isAlone && inBulk) leave(new Set([image.image_id]))
  }
  const askWhy = () => {
    if (image !== undefined && isPainted) ask(true)
    else say(words.notPainted)
  }
  return { mode, setMode, isAsking, ask, askWhy, approve, reject, inBulk, isAlone, undo: useUndo(screens, sender, say, setMode) }
}

export type ImagesWork = ReturnType<typeof useImagesWork>

function sayingOf(list: ImageList, image: ReviewImage, verdict: Verdict, reason: RejectionReason | null = null): ImageSaying {
  const { image_id, study_id, pixels } = image
  return { kind: 'image', list, image_id, study_id, verdict, reason, pixels }
}

/** Take a rejection back without a trace while it is held, else say the opposite. */
function unreject(sender: Sender, list: ImageList, image: ReviewImage): void {
  if (!sender.withdraw(image.image_id)) sender.say([sayingOf(list, image, 'approve')])
}

/** Take back what was said last, and go to where that was. */
function useUndo(screens: Screens, sender: Sender, say: Work['say'], setMode: (mode: Mode) => void) {
  const { review } = useWords()
  return () => {
    const undone = sender.undo()
    if (undone === null) return say(review.nothingToUndo)
    const first = undone.sayings[0]
    const at = screens.images.findIndex((one) => first?.kind === 'image' && one.image_id === first.image_id)
    if (at >= 0) {
      const start = screens.screens.findLast((one) => one.start <= at)?.start ?? 0
      screens.go(start, at - start)
      setMode('grid')
    }
    return say(undone.isRecorded ? review.undoneRecorded : review.undone(undone.sayings.length), undone.isRecorded ? 'mark' : 'good')
  }
}

/** The picture beside another in a grid: by rows and columns. */
export function beside(chosen: number, by: readonly [number, number], columns: number, count: number): number {
  const [right, down] = by
  const next = chosen + right + down * columns
  return next < 0 || next >= count ? chosen : next
}
