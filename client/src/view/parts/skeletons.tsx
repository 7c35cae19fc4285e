import { Skeleton } from '@mantine/core'
import { useWords } from '../words.ts'
import css from './parts.module.css'

const WIDTHS = ['34%', '52%', '41%', '47%', '38%', '55%', '43%', '36%']

/** Rows of a table that is on its way. */
export function TableSkeleton({ rows = 8 }: { rows?: number }) {
  const { states } = useWords()
  return (
    <div className={css.skeleton} aria-busy="true">
      <span className="unseen" role="status">
        {states.loading}
      </span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={css.skeletonRow}>
          <Skeleton height={12} width={WIDTHS[row % WIDTHS.length] ?? '40%'} />
        </div>
      ))}
    </div>
  )
}

export function PageSkeleton() {
  return (
    <div className={css.skeletonPage}>
      <Skeleton height={26} width={180} mb={24} />
      <TableSkeleton />
    </div>
  )
}
