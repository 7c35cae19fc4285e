import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { addPerson, changePerson, getPeople, type Given, givePassword } from '#api/people.ts'
import type { ChangeOfPerson, Person } from '#schema/administering.ts'
import type { Role } from '#schema/reading-room.ts'

export type { Given }

const PEOPLE = ['people'] as const
/** What also tells of people. */
const TOUCHED: ReadonlySet<unknown> = new Set(['people', 'events', 'dashboard', 'session'])

export function usePeople() {
  return useQuery({ queryKey: PEOPLE, queryFn: ({ signal }) => getPeople(signal) })
}

function useRefresh() {
  const store = useQueryClient()
  return () => void store.invalidateQueries({ predicate: ({ queryKey }) => TOUCHED.has(queryKey[0]) })
}

export function useAddPerson() {
  return useMutation({ mutationFn: addPerson, onSuccess: useRefresh() })
}

export function useChangePerson() {
  const store = useQueryClient()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ name, change }: { name: string; change: ChangeOfPerson }) => changePerson(name, change),
    onSuccess: (people) => {
      store.setQueryData(PEOPLE, people)
      refresh()
    },
  })
}

export function useGivePassword() {
  return useMutation({ mutationFn: givePassword, onSuccess: useRefresh() })
}

/** A whole number from 0 as somebody typed it; null for nothing, undefined for what is none or too large. */
export function wholeNumber(text: string, most: number): number | null | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const value = /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : Infinity
  return value <= most ? value : undefined
}

/** The largest numbers that the server takes. */
export const MOST = { years_experience: 80, annual_volume: 1_000_000, workload_cap: 10_000_000 } as const
export type NumberField = keyof typeof MOST

/** How somebody can sign in, in one word. */
export function entranceOf(person: Person): 'disabled' | 'none' | 'mustChange' | 'password' | 'provider' {
  if (person.is_disabled) return 'disabled'
  if (person.has_password) return person.must_change_password ? 'mustChange' : 'password'
  return person.is_linked ? 'provider' : 'none'
}

/** Whether somebody can be given exams. */
export function isAnswering({ roles }: Person): boolean {
  return roles.includes('reader') || roles.includes('arbiter')
}

/** Whether these roles keep an administrator from being told how exams were read. */
export function isUnblinding(roles: readonly Role[]): boolean {
  return roles.includes('admin') && (roles.includes('reader') || roles.includes('arbiter'))
}

/** People whose name holds what was typed, without minding capitals. */
export function named(people: readonly Person[], text: string): Person[] {
  const sought = text.trim().toLocaleLowerCase()
  return people.filter(({ name }) => name.toLocaleLowerCase().includes(sought))
}
