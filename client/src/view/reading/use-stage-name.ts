import { labelOf } from '#hanging/labels.ts'
import type { Stage } from '#hanging/stages.ts'
import { useWords } from '../words.ts'
import type { Viewing } from './viewport/viewing.ts'

/** What a stage is called: one that shows a single view by that view. */
export function useStageName({ exam }: Viewing): (stage: Stage) => string {
  const { viewing: words } = useWords()
  const labels: Readonly<Record<string, string>> = words.stage
  return ({ id, kind, imageIds }) => {
    const image = kind === 'pieces' ? exam.images.find((one) => one.image_id === imageIds[0]) : undefined
    if (image !== undefined) return labelOf(image.laterality, image.view_position, image.attributes)
    return labels[id] ?? labels['further'] ?? id
  }
}
