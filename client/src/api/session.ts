import type { Me, SignInOptions } from '#schema/reading-room.ts'
import { ask, keepCsrfToken } from './http.ts'
import { isSignedOut } from './problem.ts'

export function getSignInOptions(signal: AbortSignal): Promise<SignInOptions> {
  return ask('GET', '/sign-in', { signal })
}

/** Who is signed in; null when nobody is. */
export async function getMe(signal: AbortSignal): Promise<Me | null> {
  try {
    return remembered(await ask<Me>('GET', '/me', { signal }))
  } catch (error) {
    if (isSignedOut(error)) return null
    throw error
  }
}

export async function signIn(name: string, password: string): Promise<Me> {
  return remembered(await ask<Me>('POST', '/session', { body: { name, password } }))
}

export async function signOut(): Promise<void> {
  await ask('DELETE', '/session')
  keepCsrfToken(null, null)
}

export function changePassword(current: string, next: string): Promise<void> {
  return ask('POST', '/me/password', { body: { current, new: next } })
}

/** Where a sign-in with an identity provider begins. */
export function providerAddress(startUrl: string, next: string): string {
  return `${startUrl}${startUrl.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`
}

function remembered(me: Me): Me {
  keepCsrfToken(me.csrf_token, me.name)
  return me
}
