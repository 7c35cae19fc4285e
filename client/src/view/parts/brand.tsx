import { Link } from 'react-router'
import css from './parts.module.css'

export function Brand({ dataset }: { dataset: string }) {
  return (
    <Link className={css.brand} to="/">
      <Mark size={22} />
      <span>{dataset}</span>
    </Link>
  )
}

/** Two breasts back to back, one with a box: the picture of theme/icon.svg, in the colors of the page. */
export function Mark({ size }: { size: number }) {
  return (
    <svg className={css.mark} viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <path d="M15 3.5C9 5 3.5 10 3.5 16.5S9 27.500 15 28.500Z" />
      <path d="M17 3.500c6 1.500 11.500 6.500 11.500 13S23 27.500 17 28.500Z" />
      <circle cx="9.500" cy="17" r="1.200" />
      <rect x="20" y="12.500" width="5" height="5" />
    </svg>
  )
}
