import type { Person } from '#schema/administering.ts'
import { type Given, useChangePerson, useGivePassword } from '#state/people.ts'
import { explainBy } from '#state/problems.ts'
import { useMe } from '#state/session.ts'
import { Dialog, Question } from '../parts/dialog.tsx'
import { useWords } from '../words.ts'
import { GivenPassword } from './given-password.tsx'
import { AddForm, EditForm } from './person-form.tsx'

/** What the page is asking for. */
export type Asking =
  | { kind: 'add' }
  | { kind: 'edit' | 'reset' | 'disable'; person: Person }
  | { kind: 'given'; given: Given; isNew: boolean }

/** Who cannot sign in is to get nothing new in a draw either. */
const DISABLED = { is_disabled: true, is_available: false }

interface PeopleDialogProps {
  asking: Asking
  onAsk: (asking: Asking) => void
  onClose: () => void
}

export function PeopleDialog({ asking, onAsk, onClose }: PeopleDialogProps) {
  const { people: words } = useWords()
  const give = (given: Given, isNew: boolean) => onAsk({ kind: 'given', given, isNew })
  switch (asking.kind) {
    case 'add':
      return (
        <Dialog title={words.form.addTitle} onClose={onClose} isKept>
          <AddForm onAdded={(given) => give(given, true)} onCancel={onClose} />
        </Dialog>
      )
    case 'edit':
      return (
        <Dialog title={words.form.editTitle(asking.person.name)} onClose={onClose} isKept>
          <EditForm person={asking.person} onDone={onClose} />
        </Dialog>
      )
    case 'reset':
      return <Reset person={asking.person} onGiven={(given) => give(given, false)} onClose={onClose} />
    case 'disable':
      return <Disable person={asking.person} onClose={onClose} />
    case 'given': {
      const { given, isNew } = asking
      return (
        <Dialog title={isNew ? words.given.added(given.name) : words.given.changed(given.name)} onClose={onClose} isKept>
          <GivenPassword given={given} onDone={onClose} />
        </Dialog>
      )
    }
  }
}

function Reset({ person, onGiven, onClose }: { person: Person; onGiven: (given: Given) => void; onClose: () => void }) {
  const words = useWords()
  const { resetting, form, problems } = words.people
  const give = useGivePassword()
  return (
    <Dialog title={resetting.title(person.name)} onClose={onClose}>
      <Question
        yes={resetting.yes}
        no={form.cancel}
        isBusy={give.isPending}
        refusal={give.isError ? explainBy(give.error, words, problems) : null}
        onYes={() => give.mutate(person.name, { onSuccess: onGiven })}
        onNo={onClose}
      >
        <p>{resetting.detail}</p>
      </Question>
    </Dialog>
  )
}

function Disable({ person, onClose }: { person: Person; onClose: () => void }) {
  const words = useWords()
  const { disabling, form, problems } = words.people
  const change = useChangePerson()
  const isSelf = useMe().name === person.name
  return (
    <Dialog title={disabling.title(person.name)} onClose={onClose}>
      <Question
        yes={disabling.yes}
        no={form.cancel}
        isGrave
        isBusy={change.isPending}
        refusal={change.isError ? explainBy(change.error, words, problems) : null}
        onYes={() => change.mutate({ name: person.name, change: DISABLED }, { onSuccess: onClose })}
        onNo={onClose}
      >
        <p>
          {disabling.detail} {isSelf && disabling.self}
        </p>
      </Question>
    </Dialog>
  )
}
