import { firstUnseen } from '#hanging/coverage.ts'
import { arrange } from '#hanging/layout.ts'
import { piecesOf } from '#hanging/stages.ts'
import { roomOf, toStage, type Viewing } from '../reading/viewport/viewing.ts'

/** To the first piece of a view that shows something not yet seen at 1:1, else to its first piece; null: no such view. */
export function toUnseen(viewing: Viewing, imageId: string): Viewing | null {
  const at = viewing.stages.findIndex(({ kind, imageIds }) => kind === 'pieces' && imageIds[0] === imageId)
  const [frame, coverage] = [viewing.frames.get(imageId), viewing.coverage.get(imageId)]
  const { devicePixels } = viewing.room
  const rect = frame === undefined ? undefined : arrange([frame], roomOf(viewing)).rects[0]
  if (at === -1 || frame === undefined || coverage === undefined || rect === undefined) return null
  return toStage(viewing, at, firstUnseen(coverage, frame, rect, piecesOf(frame, rect, devicePixels), devicePixels) ?? 0)
}
