import { Skeleton } from '@mantine/core'
import { useLocation, useParams } from 'react-router'
import { useSession } from '#state/session.ts'
import { beginDecoding, useExam } from '#state/viewing.ts'
import { Loaded } from '../parts/loaded.tsx'
import { Nothing } from '../parts/nothing.tsx'
import { Answering } from '../reading-form/answering.tsx'
import { useWords } from '../words.ts'
import css from './reading.module.css'

// While the exam is on its way.
beginDecoding()

/** An exam to read or to arbitrate: its images, and beside them what is said of them. */
export default function ReadingPage() {
  const { study_id: studyId = '' } = useParams()
  const { pathname, state } = useLocation()
  const { viewing: words } = useWords()
  const exam = useExam(studyId)
  const dataset = useSession().data?.me?.dataset
  const title = words.title(exam.data?.number ?? (state as { number?: number } | null)?.number ?? null)
  const list = pathname.startsWith('/arbitrate') ? 'arbitration' : 'worklist'
  return (
    <div data-wide className={css.page} data-failed={(exam.isError && exam.data === undefined) || undefined}>
      <title>{dataset === undefined ? title : `${title} · ${dataset}`}</title>
      <h1 className="unseen">{title}</h1>
      <Loaded query={exam} skeleton={<Skeleton className={css.waiting} radius={0} animate={false} />}>
        {(found) =>
          found.images.length === 0 ? <Nothing title={words.noImages} /> : <Answering key={found.study_id} exam={found} title={title} list={list} />
        }
      </Loaded>
    </div>
  )
}
