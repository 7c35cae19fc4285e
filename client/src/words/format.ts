import type { Language } from './index.ts'

const TAGS: Record<Language, string> = { en: 'en-GB', vi: 'vi-VN' }
const UNKNOWN = '–'

export interface Formats {
  /** A whole number with separators. */
  number: (value: number) => string
  /** A share between 0 and 1 as percent. */
  percent: (share: number) => string
  /** Date and time of an ISO 8601 instant in the reader's own time zone; a dash when not known. */
  time: (instant: string | null) => string
}

export function formatsOf(language: Language, timeZone?: string): Formats {
  const tag = TAGS[language]
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 })
  const zone = timeZone === undefined ? {} : { timeZone }
  const time = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', ...zone })
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    time: (instant) => (instant === null ? UNKNOWN : time.format(new Date(instant))),
  }
}
