import { Skeleton } from '@mantine/core'
import { useParams } from 'react-router'
import type { Training } from '#schema/training.ts'
import type { Exam } from '#schema/viewing.ts'
import { useSession } from '#state/session.ts'
import { useFeedback, useLabels, useTraining, useTrainingDesk, useTrainingExam } from '#state/training.ts'
import { Failed } from '../parts/failed.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { NotFound } from '../parts/nothing.tsx'
import reading from '../reading/reading.module.css'
import { AtDesk } from '../reading-form/answering.tsx'
import { useWords } from '../words.ts'
import { FeedbackView } from './feedback-view.tsx'

/** An exam of the training: to be read, and once it is answered in this round, what there is to say of the answer. */
export default function TrainingExamPage() {
  const number = Number(useParams()['number'])
  const { training: words } = useWords()
  const dataset = useSession().data?.me?.dataset
  const training = useTraining()
  const exam = useTrainingExam(number)
  const title = words.exam(number)
  const waiting = <Skeleton className={reading.waiting} radius={0} animate={false} />
  if (!Number.isInteger(number)) return <NotFound />
  return (
    <div data-wide className={reading.page}>
      <title>{dataset === undefined ? title : `${title} · ${dataset}`}</title>
      <h1 className="unseen">{title}</h1>
      <Loaded query={training} skeleton={waiting}>
        {(round) => (
          <Loaded query={exam} skeleton={waiting}>
            {(found) => <At key={`${round.round} ${number}`} training={round} exam={found} title={title} />}
          </Loaded>
        )}
      </Loaded>
    </div>
  )
}

interface AtProps {
  training: Training
  exam: Exam
  title: string
}

function At(props: AtProps) {
  const isAnswered = props.training.exams.some(({ number, score }) => number === props.exam.number && score !== null)
  return isAnswered ? <Told {...props} /> : <Reading {...props} />
}

function Reading({ training, exam, title }: AtProps) {
  const words = useWords()
  const labels = useLabels()
  const desk = useTrainingDesk(exam, training.round, labels.data, words)
  const failed = labels.isError ? <Failed error={labels.error} onAgain={() => void labels.refetch()} /> : null
  return <AtDesk exam={exam} title={title} listPath="/training" desk={desk} failed={failed} />
}

function Told({ training, exam, title }: AtProps) {
  const feedback = useFeedback(training.round, exam.number)
  return <FeedbackView training={training} exam={exam} title={title} feedback={feedback} />
}
