import type { Happening } from '#schema/administering.ts'
import type { Role } from '#schema/reading-room.ts'
import { asEventKind } from '#state/events.ts'
import type { Words } from '#words/index.ts'
import { useWords } from '../words.ts'

interface Telling {
  who: string
  what: string
  /** What was changed, in a few words; empty for nothing to add. */
  more: string
}

/** Parts of the program that do something in nobody's name. */
const PROGRAM: ReadonlySet<string> = new Set(['serve', 'demo'])

/** Says events in plain words of the page's language. */
export function useTelling(): (event: Happening) => Telling {
  const words = useWords()
  return (event) => told(event, words)
}

export function told(event: Happening, words: Words): Telling {
  const { events } = words
  const kind = asEventKind(event.kind)
  const sentence = kind === null ? undefined : events.said[kind]
  const exam = events.exam(event.exam_number)
  const what = sentence?.({ about: event.about, isOwn: event.about === event.by, exam, detail: event.detail })
  const who = PROGRAM.has(event.by) ? events.system : event.by
  return { who: who === '' ? events.somebody : who, what: what ?? event.kind, more: changesOf(event.detail, words) }
}

function changesOf(detail: Happening['detail'], words: Words): string {
  const { changes, change } = words.events
  return Object.entries(detail)
    .flatMap(([name, value]) => (name in changes ? [change(changes[name] ?? name, valueOf(value, words))] : []))
    .join('; ')
}

function valueOf(value: unknown, { events: { values }, shell }: Words): string {
  if (Array.isArray(value)) return value.map((one) => shell.roles[one as Role] ?? String(one)).join(', ')
  if (typeof value === 'boolean') return value ? values.yes : values.no
  return value === null ? values.none : String(value)
}
