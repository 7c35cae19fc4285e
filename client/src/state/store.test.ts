import { MutationObserver, QueryObserver } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { Problem } from '#api/problem.ts'
import { readPreferences } from './preferences.ts'
import { makeStore, SESSION, type Session } from './store.ts'

const fails = (status: number) => () => Promise.reject(new Problem(status, null))
const me = { name: 'reader1' } as Session['me']

function signedIn() {
  const store = makeStore()
  store.setQueryData<Session>(SESSION, { me, hasEnded: false })
  return store
}

it('a 401 to any query ends the session', async () => {
  const store = signedIn()
  await store.fetchQuery({ queryKey: ['worklist'], queryFn: fails(401) }).catch(() => null)
  expect(store.getQueryData(SESSION)).toEqual({ me: null, hasEnded: true })
})

it('any other refusal does not', async () => {
  const store = signedIn()
  await store.fetchQuery({ queryKey: ['worklist'], queryFn: fails(403) }).catch(() => null)
  expect(store.getQueryData(SESSION)).toEqual({ me, hasEnded: false })
})

it('a 401 to a mutation ends the session, unless it answers what was asked', async () => {
  const store = signedIn()
  const mutate = (meta: { answers401?: boolean }) =>
    new MutationObserver(store, { mutationFn: fails(401), meta }).mutate().catch(() => null)
  await mutate({ answers401: true })
  expect(store.getQueryData(SESSION)).toEqual({ me, hasEnded: false })
  await mutate({})
  expect(store.getQueryData(SESSION)).toEqual({ me: null, hasEnded: true })
})

it('what the server refuses is not asked again', async () => {
  const store = makeStore()
  let n = 0
  const observer = new QueryObserver(store, {
    queryKey: ['exam'],
    queryFn: () => {
      n += 1
      return fails(410)()
    },
  })
  await observer.refetch()
  expect(n).toBe(1)
})

it.each([
  ['{"screenInches":27}', { language: 'vi', colorScheme: 'dark', screenInches: 27 }],
  [null, { language: 'vi', colorScheme: 'dark', screenInches: null }],
  ['{"language":"en","colorScheme":"light"}', { language: 'en', colorScheme: 'light', screenInches: null }],
  ['{"language":"xx"}', { language: 'vi', colorScheme: 'dark', screenInches: null }],
  ['not json', { language: 'vi', colorScheme: 'dark', screenInches: null }],
  ['null', { language: 'vi', colorScheme: 'dark', screenInches: null }],
])('preferences stored as %j are read as what they can mean', (text, wanted) => {
  expect(readPreferences(text, ['vi-VN'])).toEqual(wanted)
})
