import { assignments, pager } from './en/assignments.ts'
import { dashboard, plots } from './en/dashboard.ts'
import { events } from './en/events.ts'
import { examStates, reasons } from './en/exams.ts'
import { finishing } from './en/finishing.ts'
import { keys, scopes } from './en/keys.ts'
import { labels } from './en/labels.ts'
import { arbitrating, marking } from './en/marking.ts'
import { people } from './en/people.ts'
import { arbitration, worklist } from './en/reading.ts'
import {
  images as reviewImages,
  regions as reviewRegions,
  review,
  values as reviewValues,
} from './en/review.ts'
import { account, session } from './en/session.ts'
import { shell } from './en/shell.ts'
import { states } from './en/states.ts'
import { training } from './en/training.ts'
import { viewing } from './en/viewing.ts'

export const en = {
  account,
  arbitrating,
  arbitration,
  assignments,
  dashboard,
  events,
  examStates,
  finishing,
  keys,
  labels,
  marking,
  pager,
  people,
  plots,
  reasons,
  review,
  reviewImages,
  reviewRegions,
  reviewValues,
  scopes,
  session,
  shell,
  states,
  training,
  viewing,
  worklist,
}

/** What every language has to say. */
export type Words = typeof en
