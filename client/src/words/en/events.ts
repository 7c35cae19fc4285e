import type { EventKind } from '#schema/administering.ts'
import { because, text, type Told } from '../telling.ts'

const way = (detail: Told['detail']): string => {
  const said = text(detail['way'])
  if (said === 'password') return ' with a password'
  if (said === 'link') return ' by the link shown on the machine'
  return said === '' ? '' : ` at ${said}`
}

const names: Record<EventKind, string> = {
  signed_in: 'signed in',
  signed_out: 'signed out',
  sign_in_failed: 'sign-in failed',
  account_made: 'person added',
  account_changed: 'person changed',
  account_disabled: 'person disabled',
  account_enabled: 'person enabled',
  account_linked: 'identity provider linked',
  password_changed: 'password changed',
  drawn: 'readers drawn',
  arbitrations_drawn: 'arbiters and seniors drawn',
  reader_assigned: 'exam given to a reader',
  reader_withdrawn: 'exam taken from a reader',
  arbiter_assigned: 'exam given to an arbiter',
  arbiter_withdrawn: 'exam taken from an arbiter',
  senior_assigned: 'exam given to a senior reader',
  senior_withdrawn: 'exam taken from a senior reader',
  phase_closed: 'reading phase closed',
  training_begun: 'training begun again',
  training_answered: 'training exam answered',
  training_finished: 'training finished',
}

const said: Record<EventKind, (told: Told) => string> = {
  signed_in: ({ detail }) => `signed in${way(detail)}`,
  signed_out: () => 'signed out',
  sign_in_failed: ({ detail }) => `tried to sign in${way(detail)} and failed`,
  account_made: ({ about }) => `added ${about}`,
  account_changed: ({ about }) => `changed ${about}`,
  account_disabled: ({ about }) => `disabled ${about}`,
  account_enabled: ({ about }) => `enabled ${about}`,
  account_linked: ({ about }) => `linked ${about} with the identity provider`,
  password_changed: ({ about, isOwn }) => (isOwn ? 'chose another password' : `gave ${about} a new password`),
  drawn: ({ detail }) => `drew readers: ${text(detail['reads'])} readings assigned`,
  arbitrations_drawn: ({ detail }) =>
    `drew arbiters and seniors: ${text(detail['arbitrations'])} arbitrations, ${text(detail['seniors'])} senior readings assigned`,
  reader_assigned: ({ about, exam }) => `gave ${exam} to ${about} as reader`,
  reader_withdrawn: ({ about, exam, detail }) => `took ${exam} from ${about} as reader${because(detail)}`,
  arbiter_assigned: ({ about, exam }) => `gave ${exam} to ${about} as arbiter`,
  arbiter_withdrawn: ({ about, exam, detail }) => `took ${exam} from ${about} as arbiter${because(detail)}`,
  senior_assigned: ({ about, exam }) => `gave ${exam} to ${about} as senior reader`,
  senior_withdrawn: ({ about, exam, detail }) => `took ${exam} from ${about} as senior reader${because(detail)}`,
  phase_closed: () => 'closed the reading phase',
  training_begun: () => 'began the training again',
  training_answered: ({ detail }) => `answered exam ${text(detail['exam'])} of the training`,
  training_finished: ({ detail }) => `finished the training: ${text(detail['found'])} planted boxes found, ${text(detail['missed'])} missed, ${text(detail['extra'])} marked where nothing was planted`,
}

export const events = {
  title: 'Events',
  beside: (n: string) => `${n}, newest first`,
  filters: { label: 'Which events', kind: 'What', everything: 'everything', by: 'Who', anybody: 'anybody', clear: 'Show all' },
  columns: { when: 'When', who: 'Who', what: 'What' },
  none: 'Nothing has happened yet.',
  noneFound: 'No event fits this choice.',
  newest: 'Newest',
  somebody: 'somebody',
  system: 'the program',
  exam: (n: number | null) => (n === null ? 'an exam that is gone' : `exam ${n}`),
  changes: {
    roles: 'roles',
    is_available: 'available',
    workload_cap: 'limit',
    years_experience: 'years of experience',
    annual_volume: 'exams a year',
  } as Record<string, string>,
  change: (what: string, value: string) => `${what}: ${value}`,
  values: { yes: 'yes', no: 'no', none: 'none' },
  names,
  said,
}
