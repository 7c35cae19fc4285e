import type { Item } from '#state/arbitrating.ts'
import type { Shown } from '../reading-form/marks.tsx'

/** The boxes of both readings, numbered as the items are; those of the item that is looked at stand out. */
export function bothReadings(items: readonly Item[], looked: string | null): readonly Shown[] {
  const findings = items.flatMap((item) => (item.about === 'finding' ? [item] : []))
  return findings.flatMap((item, n) =>
    (['a', 'b'] as const).flatMap((tone): Shown[] => {
      const said = item[tone]
      if (said === null) return []
      const label = `${tone.toUpperCase()}${n + 1}`
      return [{ key: `${item.key} ${tone}`, imageId: item.imageId, box: said.box, label, tone, isMeant: item.key === looked }]
    }),
  )
}
