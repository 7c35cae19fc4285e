import { Skeleton } from '@mantine/core'
import type { Progress } from '#schema/administering.ts'
import { mayOpen, maySeeDataset } from '#state/access.ts'
import { useProgress } from '#state/dashboard.ts'
import { useMe } from '#state/session.ts'
import { Loaded } from '../parts/loaded.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { useWords } from '../words.ts'
import { AgreementCards } from './agreement-cards.tsx'
import css from './dashboard.module.css'
import { DaysCard } from './days-card.tsx'
import { FlowCard } from './flow-card.tsx'
import { OwnCards } from './own-cards.tsx'
import { PeopleCard } from './people-card.tsx'
import { StatesCard } from './states-card.tsx'
import { Withheld } from './withheld.tsx'

export default function DashboardPage() {
  const { dashboard: words } = useWords()
  const me = useMe()
  const progress = useProgress()
  const isTold = maySeeDataset(me)
  return (
    <>
      <PageTitle title={words.title} />
      <Loaded query={progress} skeleton={<DashboardSkeleton />}>
        {(found) => (
          <div className={css.grid}>
            {me.roles.includes('admin') ? <OfAll progress={found} /> : <OfOne progress={found} />}
            {isTold && !found.is_withheld ? <AgreementCards /> : <Withheld />}
          </div>
        )}
      </Loaded>
    </>
  )
}

/** What an administrator sees: everybody, and where the exams stand as far as they may know. */
function OfAll({ progress }: { progress: Progress }) {
  const { dashboard: words } = useWords()
  const days = <DaysCard title={words.days.title} days={progress.reads_per_day} />
  return (
    <>
      {progress.states === null ? (
        days
      ) : (
        <>
          <div className={css.narrow}>
            <FlowCard flow={progress.flow} />
          </div>
          <div className={css.broad}>
            <StatesCard states={progress.states} />
            {days}
          </div>
        </>
      )}
      <PeopleCard rows={progress.per_reader} isWithheld={progress.is_withheld} />
    </>
  )
}

/** What everybody else sees: their own work; the exams as a whole once the phase is closed. */
function OfOne({ progress }: { progress: Progress }) {
  const { dashboard: words } = useWords()
  const isAnswering = mayOpen(useMe(), ['reader', 'arbiter'])
  return (
    <>
      {isAnswering && <OwnCards rows={progress.per_reader} />}
      {progress.per_reader.length > 0 && <DaysCard title={words.days.own} days={progress.reads_per_day} />}
      {progress.states !== null && <StatesCard states={progress.states} />}
    </>
  )
}

function DashboardSkeleton() {
  return (
    <div className={css.grid} aria-busy="true">
      <div className={css.narrow}>
        <Skeleton height={460} />
      </div>
      <div className={css.broad}>
        <Skeleton height={150} />
        <Skeleton height={292} />
      </div>
      <Skeleton height={300} />
    </div>
  )
}
