/** As the server says why there is no interval. */
export const ONE_PATIENT = 'only one patient'

export const plots = {
  interval: '95% interval',
  asTable: 'Show as a table',
  reads: 'Readings',
  readsPerDay: 'Readings submitted over time',
  per: (days: number): string => (days === 1 ? 'Day' : days === 7 ? 'Week' : 'Four weeks'),
  readsPer: (days: number) => `Readings ${days === 1 ? 'each day' : days === 7 ? 'each week' : 'every four weeks'}`,
  most: (n: string, when: string) => `The most were submitted on ${when}: ${n}.`,
  nothingShared: 'no exam in common',
  undefined: 'not defined',
  /** The server's notes in words of this language; what it newly says is shown as it stands. */
  why: (note: string) => {
    if (note.includes('there are no cases')) return 'not defined: there are no cases'
    if (note.includes('one and the same answer')) return 'not defined: everybody gave the same answer, so chance alone would agree'
    if (note.includes(ONE_PATIENT)) return 'no interval: only one patient adds to it'
    return note === '' ? 'not defined' : note
  },
  noInterval: (note: string): string => (note.includes(ONE_PATIENT) ? 'one patient only' : 'none'),
}

export const dashboard = {
  title: 'Dashboard',
  states: {
    title: 'Where the exams stand',
    answered: (done: string, total: string) => `${done} of ${total} exams have a final answer`,
    none: 'No exam is open for reading yet.',
    noneDetail: 'Exams appear here once their review is complete.',
  },
  flow: {
    title: 'Flow of exams',
    toCome: 'The flow is being counted.',
    leaving: 'Go no further from here',
    waiting: 'waiting',
    incomplete: 'acquired, some of them incomplete',
    steps: {
      pool: 'exams in the pool',
      drawn: 'drawn',
      acquired: 'acquired as four-view exams',
      pseudonymized: 'pseudonymized',
      approved: 'open for reading',
      final: 'with a final answer',
    },
    waitingFor: { pool: 'not yet fetched', acquired: 'not yet pseudonymized', pseudonymized: 'not yet reviewed' },
  },
  days: {
    title: 'Readings submitted',
    own: 'Your readings by day',
    none: 'Nothing has been submitted yet.',
    total: (n: string, days: number, each: number) =>
      days === 1 ? `${n} on one day` : `${n} in ${days} days, by ${each === 1 ? 'day' : each === 7 ? 'week' : 'four weeks'}`,
    zone: 'Days in UTC; senior readings and arbitrations count as well where you may know of them.',
  },
  people: {
    title: 'Progress of each person',
    caption: 'Progress and time by person',
    none: 'Nobody has an exam yet.',
    noneDetail: 'Rows appear here once readers are drawn.',
    person: 'Person',
    role: 'As',
    progress: 'Progress',
    submitted: 'Submitted',
    begun: 'Begun',
    assigned: 'Assigned',
    median: 'Half within, min:s',
    p90: '9 in 10 within',
    perHour: 'Per hour',
    total: 'Together',
    untimed: 'not measured',
    withheld: 'shown when the phase is closed',
    legend: 'The dot is the time within which half of the exams were done, the line goes on to nine in ten.',
  },
  own: {
    title: { reader: 'Your readings', senior: 'Your senior readings', arbiter: 'Your arbitrations' },
    done: (done: string, total: string) => `${done} of ${total} submitted`,
    begun: 'begun',
    left: 'not begun',
    half: 'half within, min:s',
    most: '9 in 10 within, min:s',
    perHour: 'exams per hour',
    untimed: 'Times appear here once you have read an exam in the browser.',
    none: 'No exam is assigned to you.',
    noneDetail: 'Once one is, your progress is shown here. Only you and the administrators see it.',
  },
  withheld: {
    title: 'Agreement is shown when the reading phase is over',
    reader:
      'While exams are still being read, nobody who reads or arbitrates is told how the readings compare: knowing that would pull the next readings towards each other. You see your own numbers; when the phase is closed, the agreement appears here.',
    admin:
      'You administer, and you also read or arbitrate. While the phase is open you are therefore not told where exams stand, who arbitrates, or how the readings agree; an administrator who does not read sees it. When the phase is closed, it all appears here.',
    reviewer:
      'While exams are still being read, how the readings compare is told to administrators only. When the phase is closed, it appears here.',
  },
  agreement: {
    computing: 'The agreement is being computed; it appears here by itself.',
    stale: 'New readings came in; these numbers are being made anew.',
    none: 'No exam has two readings yet.',
    noneDetail: 'Agreement can be measured once two people have read the same exam.',
    fields: { density: 'Density', recall: 'Recall' },
    breasts: 'Breasts',
    same: 'Same answer',
    discordance: {
      title: 'How often two readings differ',
      about: (n: string) => `Share of the ${n} exams with two readings in which they differ. Intervals resample patients.`,
      field: 'In what',
      rate: 'Share',
      fields: {
        arbitration: 'calls for an arbiter',
        recall: 'recall',
        birads: 'BI-RADS of a breast',
        density: 'density',
        unmatched_finding: 'a finding that one marked',
        category: 'category of a finding',
        finding_birads: 'BI-RADS of a finding',
      },
    },
    alpha: {
      title: 'Agreement of all readers',
      about: 'Krippendorff’s alpha over all first readings: 1 is full agreement, 0 is what chance alone would give.',
      question: 'Question',
      value: 'Alpha',
    },
    pairs: {
      title: 'Agreement of each two readers',
      about: {
        weighted: 'Cohen’s kappa with quadratic weights: near misses count as part of an agreement. 1 is full agreement, 0 chance.',
        plain: 'Cohen’s kappa: 1 is full agreement, 0 is what chance alone would give.',
        findings: 'Boxes that both marked, as a share of all boxes (F1). Two boxes are the same where they overlap enough.',
      },
      question: 'Question',
      pair: 'Readers',
      pairOf: (first: string, second: string) => `${first} and ${second}`,
      kappa: 'Kappa',
      plainKappa: 'Unweighted',
      lowest: 'Lowest first.',
      showAll: (n: string) => `Show all ${n} pairs`,
      none: 'No two people have read the same exam.',
      matrix: 'Agreement between each two readers at a glance',
    },
    seniors: {
      title: 'Senior readers and the final answers',
      about: 'A senior reads a sample of exams on which two readers agreed; their reading changes no answer.',
      reader: 'Senior reader',
    },
    findings: {
      title: 'Agreement on findings',
      about: (matched: string, n: string) => `${matched} of ${n} marked findings were marked by both readers of the exam.`,
      tab: 'Findings',
      category: 'Category',
      all: 'All findings',
      f1: 'F1 score',
      iou: 'Mean overlap',
      matched: 'By both',
      n: 'Marked',
    },
  },
}
