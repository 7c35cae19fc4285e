import type { Field } from '#state/progress.ts'
import type { Words } from '#words/index.ts'

/** What readers are compared in, in words. */
export function fieldName(field: Field, { arbitration, dashboard: { agreement } }: Words): string {
  if (field === 'birads') return arbitration.kinds.birads
  return field === 'findings' ? agreement.findings.tab : agreement.fields[field]
}
