import type { Agreement, Progress } from '#schema/administering.ts'
import { ask } from './http.ts'

export function getProgress(signal: AbortSignal): Promise<Progress> {
  return ask('GET', '/dashboard/progress', { signal })
}

export function getAgreement(signal: AbortSignal): Promise<Agreement> {
  return ask('GET', '/dashboard/agreement', { signal })
}
