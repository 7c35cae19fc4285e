import css from './plots.module.css'
import { type Axis, type Part, placeOn } from './scale.ts'

const HEIGHT = 22
const MIDDLE = HEIGHT / 2

/** The numbers of an axis, for the head of the column in which the marks stand. */
export function Ticks({ axis, format }: { axis: Axis; format: (value: number) => string }) {
  return (
    <svg className={css.ticks} width="100%" height={16} aria-hidden="true">
      {axis.ticks.map((tick) => (
        <text key={tick} x={`${placeOn(axis, tick)}%`} y={12} textAnchor="middle">
          {format(tick)}
        </text>
      ))}
    </svg>
  )
}

interface IntervalProps {
  axis: Axis
  value: number
  low: number | null
  high: number | null
}

/** A dot with whiskers. What it shows stands beside it as numbers, so it is nothing to read out. */
export function Interval({ axis, value, low, high }: IntervalProps) {
  const at = (number: number) => `${placeOn(axis, number)}%`
  return (
    <svg className={css.track} width="100%" height={HEIGHT} aria-hidden="true">
      <Grid axis={axis} />
      {low !== null && high !== null && (
        <g className={css.whisker}>
          <line x1={at(low)} x2={at(high)} y1={MIDDLE} y2={MIDDLE} />
          <line x1={at(low)} x2={at(low)} y1={MIDDLE - 4} y2={MIDDLE + 4} />
          <line x1={at(high)} x2={at(high)} y1={MIDDLE - 4} y2={MIDDLE + 4} />
        </g>
      )}
      <circle className={css.dot} cx={at(value)} cy={MIDDLE} r={4.5} />
    </svg>
  )
}

function Grid({ axis }: { axis: Axis }) {
  return (
    <g className={css.grid}>
      {axis.ticks.map((tick) => (
        <line key={tick} x1={`${placeOn(axis, tick)}%`} x2={`${placeOn(axis, tick)}%`} y1={0} y2={HEIGHT} />
      ))}
    </g>
  )
}

/** Parts of a whole. What it shows stands beside it as numbers. */
export function Bar<Tone extends string>({ parts, height = 10 }: { parts: readonly Part<Tone>[]; height?: number }) {
  return (
    <svg className={css.bar} width="100%" height={height} aria-hidden="true">
      <rect className={css.ground} width="100%" height={height} />
      {parts.map(({ tone, from, width }) => (
        <rect key={tone} data-tone={tone} x={`${from}%`} width={`${width}%`} height={height} />
      ))}
    </svg>
  )
}
