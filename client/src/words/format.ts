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
  /** The same with year and seconds. */
  instant: (instant: string) => string
  /** A day, as `2024-05-17`, whatever the time zone. */
  day: (day: string) => string
  /** A number with two digits after the point, as statistics are told. */
  decimal: (value: number) => string
  /** The same with no more digits than it has, for axes. */
  short: (value: number) => string
  /** Seconds as minutes and seconds, from an hour on with hours. */
  duration: (seconds: number) => string
}

export function formatsOf(language: Language, timeZone?: string): Formats {
  const tag = TAGS[language]
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 })
  const zone = timeZone === undefined ? {} : { timeZone }
  const time = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', ...zone })
  const instant = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium', ...zone })
  const day = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const decimal = new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const short = new Intl.NumberFormat(tag, { maximumFractionDigits: 2 })
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    time: (moment) => (moment === null ? UNKNOWN : time.format(new Date(moment))),
    instant: (moment) => instant.format(new Date(moment)),
    day: (date) => day.format(new Date(date)),
    decimal: (value) => decimal.format(value),
    short: (value) => short.format(value),
    duration,
  }
}

function duration(seconds: number): string {
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
