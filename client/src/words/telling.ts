/** What a sentence about an event may say. */
export interface Told {
  /** The person it is about; empty for none. */
  about: string
  /** Whether that is who did it. */
  isOwn: boolean
  /** The exam, as a language calls it; a few words where it is gone. */
  exam: string
  detail: Readonly<Record<string, unknown>>
}

/** A detail of an event as text; empty where it is none. */
export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** The reason that was given, after a colon; nothing where none was. */
export function because(detail: Told['detail']): string {
  const reason = text(detail['reason'])
  return reason === '' ? '' : `: ${reason}`
}
