// Names under which the client speaks of the answers of /api/v1. The shapes are in api.ts, which is made from the
// server's own description; here stands only what that leaves open.

import type { ArbitrationOut, CountsOut, Me as MeOut, ReasonOut, SignInOut, TaskOut } from './api.ts'

export type Role = 'reader' | 'arbiter' | 'reviewer' | 'admin'

export type SignInOptions = Omit<SignInOut, 'demo_accounts'> & {
  demo_accounts: { name: string; password: string; roles: Role[] }[]
}

export type Me = Omit<MeOut, 'roles' | 'language'> & { roles: Role[]; language: 'en' | 'vi' | null }

export type WorkItem = TaskOut
export type WorkState = TaskOut['state']
export type ArbitrationItem = ArbitrationOut
export type Reason = ReasonOut

export interface Worklist<Item extends WorkItem = WorkItem> {
  items: Item[]
  counts: CountsOut
  next_study_id: string | null
}

/** A list that comes in parts: `next_cursor` asks for the next one, null after the last. */
export interface Part<Item> {
  items: Item[]
  next_cursor: string | null
  total: number | null
}

/** RFC 9457, with the short machine word `code` of this server; further members by `code`. */
export interface ProblemDetails {
  type: string
  title: string
  status: number
  detail: string
  code?: string
  [more: string]: unknown
}
