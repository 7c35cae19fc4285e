import type { Words } from './en.ts'
import { assignments, pager } from './vi/assignments.ts'
import { dashboard, plots } from './vi/dashboard.ts'
import { events } from './vi/events.ts'
import { examStates, reasons } from './vi/exams.ts'
import { finishing } from './vi/finishing.ts'
import { keys, scopes } from './vi/keys.ts'
import { labels } from './vi/labels.ts'
import { arbitrating, marking } from './vi/marking.ts'
import { people } from './vi/people.ts'
import { arbitration, worklist } from './vi/reading.ts'
import {
  images as reviewImages,
  regions as reviewRegions,
  review,
  values as reviewValues,
} from './vi/review.ts'
import { account, session } from './vi/session.ts'
import { shell } from './vi/shell.ts'
import { states } from './vi/states.ts'
import { training } from './vi/training.ts'
import { viewing } from './vi/viewing.ts'

export const vi: Words = {
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
