import { Checkbox, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Person } from '#schema/administering.ts'
import type { Role } from '#schema/reading-room.ts'
import { type Given, isUnblinding, MOST, type NumberField, useAddPerson, useChangePerson, wholeNumber } from '#state/people.ts'
import { explainBy, Problem } from '#state/problems.ts'
import { Question } from '../parts/dialog.tsx'
import { Note } from '../parts/note.tsx'
import { useFormats, useWords } from '../words.ts'
import css from './people.module.css'

/** As it is typed: numbers are text until they are sent. */
interface Entered extends Record<NumberField, string> {
  roles: Role[]
  is_available: boolean
}

const NEW: Entered = { roles: ['reader'], is_available: true, years_experience: '', annual_volume: '', workload_cap: '' }

export function AddForm({ onAdded, onCancel }: { onAdded: (given: Given) => void; onCancel: () => void }) {
  const words = useWords()
  const { form, problems } = words.people
  const field = useRef<HTMLInputElement>(null)
  const [name, setName] = useState('')
  const [entered, enter] = useState(NEW)
  const [hasPassword, givePassword] = useState(true)
  const [isTried, setTried] = useState(false)
  const add = useAddPerson()
  const known = knownOf(entered)
  const aboutName = add.error instanceof Problem && ['conflict', 'name'].includes(add.error.code ?? '')
  const refusal = add.isError ? explainBy(add.error, words, problems) : null
  const submit = () => {
    setTried(true)
    if (name.trim() === '' || known === null) return
    add.mutate({ name: name.trim(), with_password: hasPassword, ...known }, { onSuccess: onAdded, onError: () => field.current?.focus() })
  }
  return (
    <Question yes={form.add} no={form.cancel} isBusy={add.isPending} refusal={aboutName ? null : refusal} onYes={submit} onNo={onCancel}>
      <TextInput
        ref={field}
        label={form.name}
        description={form.nameHint}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value)
          if (aboutName) add.reset()
        }}
        error={aboutName ? refusal : isTried && name.trim() === '' && form.noName}
      />
      <Fields entered={entered} onEnter={enter} isTried={isTried} />
      <Checkbox
        label={form.withPassword}
        description={form.withPasswordHint}
        checked={hasPassword}
        onChange={(event) => givePassword(event.currentTarget.checked)}
      />
    </Question>
  )
}

export function EditForm({ person, onDone }: { person: Person; onDone: () => void }) {
  const words = useWords()
  const { form, problems } = words.people
  const [entered, enter] = useState<Entered>(() => enteredOf(person))
  const [isTried, setTried] = useState(false)
  const change = useChangePerson()
  const known = knownOf(entered)
  const submit = () => {
    setTried(true)
    if (known !== null) change.mutate({ name: person.name, change: known }, { onSuccess: onDone })
  }
  return (
    <Question
      yes={form.save}
      no={form.cancel}
      isBusy={change.isPending}
      refusal={change.isError ? explainBy(change.error, words, problems) : null}
      onYes={submit}
      onNo={onDone}
    >
      <Fields entered={entered} onEnter={enter} isTried={isTried} />
    </Question>
  )
}

interface FieldsProps {
  entered: Entered
  onEnter: (entered: Entered) => void
  isTried: boolean
}

const ROLES: readonly Role[] = ['reader', 'arbiter', 'reviewer', 'admin']

function Fields({ entered, onEnter, isTried }: FieldsProps) {
  const { people, shell } = useWords()
  const { form: words } = people
  return (
    <>
      <Checkbox.Group
        label={words.roles}
        value={entered.roles}
        onChange={(chosen) => onEnter({ ...entered, roles: ROLES.filter((role) => chosen.includes(role)) })}
        error={isTried && entered.roles.length === 0 && words.noRole}
      >
        <div className={css.roles}>
          {ROLES.map((role) => (
            <Checkbox
              key={role}
              value={role}
              label={shell.roles[role]}
              description={words.roleHints[role]}
              classNames={{ labelWrapper: css.role }}
            />
          ))}
        </div>
      </Checkbox.Group>
      {isUnblinding(entered.roles) && <Note kind="mark">{words.unblinding}</Note>}
      <div className={css.numbers}>
        <NumberInput name="years_experience" label={words.years} entered={entered} onEnter={onEnter} />
        <NumberInput name="annual_volume" label={words.volume} entered={entered} onEnter={onEnter} />
        <NumberInput name="workload_cap" label={words.cap} entered={entered} onEnter={onEnter} />
      </div>
      <p className={css.hint}>{words.capHint}</p>
      <Checkbox
        label={words.available}
        description={words.availableHint}
        checked={entered.is_available}
        onChange={(event) => onEnter({ ...entered, is_available: event.currentTarget.checked })}
      />
    </>
  )
}

interface NumberInputProps {
  name: NumberField
  label: string
  entered: Entered
  onEnter: (entered: Entered) => void
}

function NumberInput({ name, label, entered, onEnter }: NumberInputProps) {
  const { form: words } = useWords().people
  const formats = useFormats()
  const isWrong = wholeNumber(entered[name], MOST[name]) === undefined
  return (
    <TextInput
      label={label}
      inputMode="numeric"
      autoComplete="off"
      value={entered[name]}
      onChange={(event) => onEnter({ ...entered, [name]: event.currentTarget.value })}
      error={isWrong && words.wholeNumber(formats.number(MOST[name]))}
    />
  )
}

function enteredOf(person: Person): Entered {
  return {
    roles: person.roles,
    is_available: person.is_available,
    years_experience: String(person.years_experience ?? ''),
    annual_volume: String(person.annual_volume ?? ''),
    workload_cap: String(person.workload_cap ?? ''),
  }
}

/** What is sent; null while something is missing or wrong. */
function knownOf({ roles, is_available, ...numbers }: Entered) {
  const years_experience = wholeNumber(numbers.years_experience, MOST.years_experience)
  const annual_volume = wholeNumber(numbers.annual_volume, MOST.annual_volume)
  const workload_cap = wholeNumber(numbers.workload_cap, MOST.workload_cap)
  if (roles.length === 0 || years_experience === undefined || annual_volume === undefined || workload_cap === undefined) return null
  return { roles, is_available, years_experience, annual_volume, workload_cap }
}
