import { keys, scopes } from './en/keys.ts'
import { arbitration, viewing, worklist } from './en/reading.ts'
import { account, session } from './en/session.ts'
import { shell } from './en/shell.ts'
import { states } from './en/states.ts'

export const en = { account, arbitration, keys, scopes, session, shell, states, viewing, worklist }

/** What every language has to say. */
export type Words = typeof en
