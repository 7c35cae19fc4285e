import type { ChangeOfPerson, NewPerson, Person } from '#schema/administering.ts'
import { ask } from './http.ts'

interface People {
  items: Person[]
}

/** A password that the server drew; null for somebody who signs in at an identity provider. */
export interface Given {
  name: string
  password: string | null
}

export function getPeople(signal: AbortSignal): Promise<People> {
  return ask('GET', '/people', { signal })
}

export function addPerson(person: NewPerson): Promise<Given> {
  return ask('POST', '/people', { body: person })
}

export function changePerson(name: string, change: ChangeOfPerson): Promise<People> {
  return ask('PATCH', `/people/${encodeURIComponent(name)}`, { body: change })
}

export function givePassword(name: string): Promise<Given> {
  return ask('POST', `/people/${encodeURIComponent(name)}/password`)
}
