// Every page behind the sign-in is a row here: its address, who may open it, its name in the navigation, its code.

import type { ComponentType } from 'react'
import type { Role } from '#schema/reading-room.ts'
import type { Words } from '#words/index.ts'

export interface Page {
  readonly path: string
  /** Any of them is enough; none named: everybody who is signed in. The server decides anew at every request. */
  readonly roles: readonly Role[]
  /** Its name in the navigation; absent for a page that is reached from another. */
  readonly name?: (words: Words) => string
  readonly load: () => Promise<{ default: ComponentType }>
}

export const PAGES: readonly Page[] = [
  // reading
  {
    path: '/worklist',
    roles: ['reader'],
    name: (words) => words.shell.worklist,
    load: () => import('./worklist/worklist-page.tsx'),
  },
  { path: '/read/:study_id', roles: ['reader'], load: () => import('./reading/reading-page.tsx') },
  // arbitration
  {
    path: '/arbitration',
    roles: ['arbiter'],
    name: (words) => words.shell.arbitration,
    load: () => import('./arbitration/arbitration-page.tsx'),
  },
  { path: '/arbitrate/:study_id', roles: ['arbiter'], load: () => import('./reading/reading-page.tsx') },
  // training
  {
    path: '/training',
    roles: ['reader', 'arbiter'],
    name: (words) => words.training.title,
    load: () => import('./training/training-page.tsx'),
  },
  { path: '/training/:number', roles: ['reader', 'arbiter'], load: () => import('./training/training-exam-page.tsx') },
  // review
  {
    path: '/review',
    roles: ['reviewer'],
    name: (words) => words.review.name,
    load: () => import('./review/summary-page.tsx'),
  },
  { path: '/review/values', roles: ['reviewer'], load: () => import('./review/values-page.tsx') },
  { path: '/review/images', roles: ['reviewer'], load: () => import('./review/images-page.tsx') },
  // dashboard
  {
    path: '/dashboard',
    roles: [],
    name: (words) => words.dashboard.title,
    load: () => import('./dashboard/dashboard-page.tsx'),
  },
  // people, assignments, events
  {
    path: '/people',
    roles: ['admin'],
    name: (words) => words.people.title,
    load: () => import('./people/people-page.tsx'),
  },
  {
    path: '/assignments',
    roles: ['admin'],
    name: (words) => words.assignments.title,
    load: () => import('./assignments/assignments-page.tsx'),
  },
  {
    path: '/events',
    roles: ['admin'],
    name: (words) => words.events.title,
    load: () => import('./events/events-page.tsx'),
  },
  // everybody
  { path: '/account', roles: [], load: () => import('./account/account-page.tsx') },
]
