import type { Words } from './en.ts'
import { keys, scopes } from './vi/keys.ts'
import { arbitration, viewing, worklist } from './vi/reading.ts'
import { account, session } from './vi/session.ts'
import { shell } from './vi/shell.ts'
import { states } from './vi/states.ts'

export const vi: Words = { account, arbitration, keys, scopes, session, shell, states, viewing, worklist }
