import type { Me, Role } from '#schema/reading-room.ts'

/** Who may open a page: somebody with any of the roles; nobody named means everybody who is signed in. */
export function mayOpen(me: Pick<Me, 'roles'>, roles: readonly Role[]): boolean {
  return roles.length === 0 || roles.some((role) => me.roles.includes(role))
}

/** Who may see the dataset as a whole, and so what came of the readings: nobody who still answers while they go on. */
export function maySeeDataset(me: Pick<Me, 'roles' | 'phase_is_closed'>): boolean {
  return me.phase_is_closed || (me.roles.includes('admin') && !mayOpen(me, ['reader', 'arbiter']))
}

/** Where to go after signing in: only to a page of this server, else to the start page. */
export function safeNext(next: string | null): string {
  if (next === null || !next.startsWith('/') || /^\/[/\\]/.test(next)) return '/'
  // Tabs and line ends are dropped by browsers before they read an address.
  if ([...next].some((letter) => letter < ' ')) return '/'
  return next.startsWith('/sign-in') ? '/' : next
}

export const MIN_PASSWORD = 12

/** What is wrong with a new password; null when nothing is. */
export function passwordFault(current: string, next: string, again: string): 'tooShort' | 'same' | 'different' | null {
  if (next.length < MIN_PASSWORD) return 'tooShort'
  if (next === current) return 'same'
  return next === again ? null : 'different'
}
