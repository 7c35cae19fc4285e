import { Skeleton } from '@mantine/core'
import { type ReactNode, useEffect, useMemo } from 'react'
import { useNavigate } from 'react-router'
import type { Exam } from '#schema/viewing.ts'
import { type Desk, type ListName, useDesk, useDeskSnapshot, useSeat } from '#state/reading.ts'
import { bothReadings } from '../arbitrating/both-readings.ts'
import { Failed } from '../parts/failed.tsx'
import { Viewer } from '../reading/viewer.tsx'
import { DoneScreen } from './done-screen.tsx'
import { Form } from './form.tsx'
import css from './form.module.css'
import { Marks } from './marks.tsx'
import { Seam } from './seam.ts'

interface AnsweringProps {
  exam: Exam
  title: string
  list: ListName
}

/** An exam with its images, and beside them what is said of it. The images do not wait for the form. */
export function Answering({ exam, title, list }: AnsweringProps) {
  const navigate = useNavigate()
  const seat = useSeat(exam, list)
  const pathOf = (id: string) => (list === 'arbitration' ? `/arbitrate/${id}` : `/read/${id}`)
  const desk = useDesk(seat.data, list, (next) => void navigate(next === null ? `/${list}` : pathOf(next), { replace: true, flushSync: true }))
  const failed = seat.isError ? <Failed error={seat.error} onAgain={() => void seat.refetch()} /> : null
  return <AtDesk exam={exam} title={title} listPath={`/${list}`} desk={desk} failed={failed} />
}

interface AtDeskProps {
  exam: Exam
  title: string
  listPath: string
  /** Null until all for it is there. */
  desk: Desk | null
  /** What is shown in the place of the form where it cannot be had. */
  failed: ReactNode
}

/** The images, and beside them the form of a desk. */
export function AtDesk({ exam, title, listPath, desk, failed }: AtDeskProps) {
  const seam = useMemo(() => (desk === null ? null : new Seam(desk)), [desk])
  useEffect(() => () => seam?.detach(), [seam])
  const aside =
    desk === null || seam === null ? <aside className={css.form}>{failed ?? <Skeleton height={260} animate={false} />}</aside> : <Form desk={desk} seam={seam} />
  const layer = desk === null || seam === null ? undefined : makeLayer(desk, seam)
  const end = desk === null || seam === null ? undefined : makeEnd(desk, seam)
  return <Viewer exam={exam} title={title} listPath={listPath} aside={aside} {...(layer && { layer })} {...(end && { end })} />
}

function makeLayer(desk: Desk, seam: Seam): NonNullable<Parameters<typeof Viewer>[0]['layer']> {
  return (pane, viewport) => <Layer desk={desk} seam={seam} pane={pane} viewport={viewport} />
}

function makeEnd(desk: Desk, seam: Seam): NonNullable<Parameters<typeof Viewer>[0]['end']> {
  return (viewport) => <DoneScreen desk={desk} seam={seam} viewport={viewport} />
}

function Layer(props: Omit<Parameters<typeof Marks>[0], 'others'>) {
  const { item } = useDeskSnapshot(props.desk)
  const { items } = props.desk.seat
  const others = useMemo(() => bothReadings(items, item), [items, item])
  return <Marks {...props} others={others} />
}
