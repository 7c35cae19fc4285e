import { MutationObserver, type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { decide } from '#api/review.ts'
import { type Outbox, Sender } from './review-outbox.ts'
import { sendBeforeSignOut, useSession } from './session.ts'

interface Owned {
  name: string
  sender: Sender
}

const owned = new WeakMap<QueryClient, Owned>()

/** The sender of a person; for the moment after a session has ended, before that is seen, the one there is. */
function senderOf(store: QueryClient, name: string | undefined): Sender {
  const known = owned.get(store)
  if (known !== undefined && (name === undefined || known.name === name)) return known.sender
  known?.sender.stop()
  const sender = new Sender({
    // by way of the store, so that a session that has ended is noticed
    send: (decisions) => new MutationObserver(store, { mutationFn: decide, networkMode: 'always' }).mutate(decisions),
    // asked again also where an answer from before is still under way
    onRecorded: () => store.cancelQueries({ queryKey: ['review', 'summary'] }).then(() => store.invalidateQueries({ queryKey: ['review', 'summary'] })),
  })
  owned.set(store, { name: name ?? '', sender })
  return sender
}

/** What this person has said, and how they say more. It outlives the pages of the review. */
export function useSender(): Sender {
  return senderOf(useQueryClient(), useSession().data?.me?.name)
}

export function useOutbox(sender: Sender): Outbox {
  return useSyncExternalStore(sender.subscribe, () => sender.now)
}

/** Send what is held when the page is left, by whatever way. */
export function useSendOnLeaving(sender: Sender): void {
  useEffect(() => {
    const flush = () => void sender.flush()
    // what an ended session has left
    if (sender.hasUnsent) flush()
    const onHidden = () => document.visibilityState === 'hidden' && flush()
    const onUnload = (event: BeforeUnloadEvent) => {
      flush()
      if (sender.now.trouble !== null && sender.hasUnsent) event.preventDefault()
    }
    const forget = sendBeforeSignOut(() => sender.flush())
    document.addEventListener('visibilitychange', onHidden)
    globalThis.addEventListener('pagehide', flush)
    globalThis.addEventListener('beforeunload', onUnload)
    return () => {
      flush()
      forget()
      document.removeEventListener('visibilitychange', onHidden)
      globalThis.removeEventListener('pagehide', flush)
      globalThis.removeEventListener('beforeunload', onUnload)
    }
  }, [sender])
}
