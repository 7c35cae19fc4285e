import type { Day } from '#schema/administering.ts'

/** Days in a row that one bar stands for. */
export interface Bin {
  readonly first: string
  readonly last: string
  readonly n: number
}

const MOST_BARS = 62
const DAY_MS = 86_400_000
const WIDTHS = [1, 7, 28] as const
/** In days since the first of January 1970, which was a Thursday. */
const FIRST_MONDAY = 4

/** How many days a bar has to stand for so that the bars can be told apart. */
export function daysPerBar(nDays: number): (typeof WIDTHS)[number] {
  return WIDTHS.find((width) => nDays / width <= MOST_BARS) ?? 28
}

/** The days in bars; bars of several days begin on Mondays. */
export function binned(days: readonly Day[], width: number): Bin[] {
  const bins = new Map<number, Bin>()
  for (const { day, n } of days) {
    const bar = Math.floor((Date.parse(day) / DAY_MS - FIRST_MONDAY) / width)
    const bin = bins.get(bar)
    bins.set(bar, { first: bin?.first ?? day, last: day, n: (bin?.n ?? 0) + n })
  }
  return [...bins.values()]
}
