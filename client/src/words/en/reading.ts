export const worklist = {
  title: 'Worklist',
  states: { new: 'To read', in_progress: 'In progress', done: 'Done' },
  next: 'Next exam',
  nothingNext: 'No exam is left to read',
  columns: {
    exam: 'Exam',
    images: 'Images',
    role: 'As',
    opened: 'Opened',
    submitted: 'Submitted',
    reasons: 'Where the readings differ',
    amend: '',
  },
  exam: (n: number) => `Exam ${n}`,
  roles: { reader: 'reader', senior: 'senior reader', arbiter: 'arbiter' },
  canAmend: 'can still be changed',
  isFrozen: 'frozen',
  progress: (done: number, total: number) => `${done} of ${total} done`,
  empty: {
    new: 'No exam waits for you. New ones appear here as soon as they are assigned.',
    in_progress: 'No exam is half read.',
    done: 'You have not submitted a reading yet.',
  },
}

export const arbitration = {
  title: 'Arbitration',
  states: { new: 'To decide', in_progress: 'In progress', done: 'Done' },
  empty: {
    new: 'No exam waits for a decision. Exams appear here when two readings differ.',
    in_progress: 'No exam is half decided.',
    done: 'You have not decided an exam yet.',
  },
  kinds: {
    recall: 'Recall',
    birads: 'BI-RADS',
    density: 'Density',
    unmatched_finding: 'Finding marked once',
    category: 'Finding category',
    finding_birads: 'BI-RADS of a finding',
  },
  sides: { R: 'right', L: 'left' },
  reason: (kind: string, side: string | null) => (side === null ? kind : `${kind}, ${side}`),
  notMarked: 'not marked',
}
