// Names for the answers about progress, agreement, people, assignments and events, and what their description leaves open.

import type {
  AgreementOut,
  AssignmentsOut,
  DrawOut,
  EventOut,
  PeopleOut,
  PersonChange,
  PersonIn,
  ProgressOut,
} from './api.ts'
import type { Part, Role, WorkItem } from './reading-room.ts'

/** As what somebody is assigned to an exam. */
export type ReadingRole = WorkItem['role']

export interface Leaving {
  reason: string
  label: string
  count: number
  is_waiting: boolean
}

/** Exams that came as far as this, and those that went no further. */
export interface FlowStep {
  step: string
  label: string
  count: number
  leaving: Leaving[]
}

export type ExamState = AssignmentsOut['items'][number]['state']

export type PersonalProgress = Omit<ProgressOut['per_reader'][number], 'role'> & { role: ReadingRole }
export type Day = ProgressOut['reads_per_day'][number]
export type Progress = Omit<ProgressOut, 'flow' | 'per_reader' | 'states'> & {
  states: Partial<Record<ExamState, number>> | null
  per_reader: PersonalProgress[]
  flow: FlowStep[] | null
}

export type BreastField = 'density' | 'birads' | 'recall'
export type Agreement = AgreementOut
export type Pair = AgreementOut['pairs'][number]
export type FindingAgreement = Pair['findings']
/** A statistic with its interval; null where it has none, and then `note` says why. */
export interface Estimate {
  n: number
  value: number | null
  low: number | null
  high: number | null
  note: string
}

export type Person = Omit<PeopleOut['items'][number], 'roles'> & { roles: Role[] }
export type NewPerson = PersonIn
export type ChangeOfPerson = PersonChange

export type Assignment = AssignmentsOut['items'][number]
export type Assignments = Omit<AssignmentsOut, 'counts'> & { counts: Partial<Record<ExamState, number>> }
export type Assignee = Assignment['readers'][number]
export type Drawn = DrawOut

export type Happening = EventOut
export type Happenings = Part<Happening>

/** Kinds of events that people cause; a server may know more. */
export type EventKind =
  | 'account_made'
  | 'account_changed'
  | 'account_disabled'
  | 'account_enabled'
  | 'account_linked'
  | 'password_changed'
  | 'signed_in'
  | 'signed_out'
  | 'sign_in_failed'
  | 'drawn'
  | 'arbitrations_drawn'
  | 'reader_assigned'
  | 'reader_withdrawn'
  | 'arbiter_assigned'
  | 'arbiter_withdrawn'
  | 'senior_assigned'
  | 'senior_withdrawn'
  | 'phase_closed'
  | 'training_begun'
  | 'training_answered'
  | 'training_finished'
