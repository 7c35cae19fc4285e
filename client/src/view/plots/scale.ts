// Geometry of the plots: values in, places in percent of the plot's width out.

export interface Axis {
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
}

/** Room at either end of a plot, so that a mark at the end is seen whole. */
const INSET = 3
const MOST_TICKS = 6

export const STEPS = {
  share: [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5],
  count: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000],
  seconds: [5, 10, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 21_600, 86_400],
} as const

/** The axis on which values lie: it begins and ends at ticks, of which there are few. */
export function axisOver(values: readonly (number | null)[], steps: readonly number[], from?: number, to?: number, most = MOST_TICKS): Axis {
  const known = values.filter((value) => value !== null)
  const lowest = Math.min(from ?? Infinity, ...known)
  const highest = Math.max(to ?? -Infinity, ...known)
  const low = Number.isFinite(lowest) ? lowest : 0
  const high = Number.isFinite(highest) && highest > low ? highest : low + (steps[0] ?? 1)
  const step = steps.find((one) => tickCount(low, high, one) <= most) ?? (high - low) / most
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  const ticks = Array.from({ length: last - first + 1 }, (_, number) => rounded((first + number) * step))
  return { low: ticks[0] ?? low, high: ticks.at(-1) ?? high, ticks }
}

function tickCount(low: number, high: number, step: number): number {
  return Math.ceil(high / step - 1e-9) - Math.floor(low / step + 1e-9) + 1
}

function rounded(value: number): number {
  return Number(value.toFixed(6)) + 0
}

/** Where a value is, in percent of the plot's width; what lies beyond the axis at its end. */
export function placeOn({ low, high }: Axis, value: number): number {
  const share = (Math.min(Math.max(value, low), high) - low) / (high - low)
  return INSET + (100 - 2 * INSET) * share
}

export interface Part<Tone extends string> {
  readonly tone: Tone
  readonly from: number
  readonly width: number
}

/** Parts of a whole, side by side, in percent of it; those of nothing are left out. */
export function partsOf<Tone extends string>(counts: readonly (readonly [Tone, number])[], total: number): Part<Tone>[] {
  if (total <= 0) return []
  let from = 0
  return counts.flatMap(([tone, count]) => {
    const width = (100 * count) / total
    from += width
    return count > 0 ? [{ tone, from: from - width, width }] : []
  })
}
