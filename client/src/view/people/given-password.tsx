import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Given } from '#state/people.ts'
import css from '../parts/filters.module.css'
import { Note } from '../parts/note.tsx'
import { useWords } from '../words.ts'
import people from './people.module.css'

/** A password, this once. */
export function GivenPassword({ given, onDone }: { given: Given; onDone: () => void }) {
  const { given: words } = useWords().people
  return (
    <div className={css.dialog}>
      {given.password === null ? (
        <p>{words.none}</p>
      ) : (
        <>
          <Note kind="mark">{words.once}</Note>
          <Password text={given.password} />
        </>
      )}
      <div className={css.buttons}>
        <Button onClick={onDone}>{words.done}</Button>
      </div>
    </div>
  )
}

function Password({ text }: { text: string }) {
  const { given: words } = useWords().people
  const [isCopied, setCopied] = useState<boolean | null>(null)
  const shown = useRef<HTMLOutputElement>(null)
  const copy = () => {
    if (shown.current !== null) globalThis.getSelection()?.selectAllChildren(shown.current)
    void copied(text).then(setCopied)
  }
  return (
    <>
      <div className={people.given}>
        <output ref={shown} aria-label={words.password}>
          {text}
        </output>
        <Button variant="default" onClick={copy} data-autofocus>
          {isCopied === true ? words.copied : words.copy}
        </Button>
      </div>
      {isCopied === false && <p role="status">{words.byHand}</p>}
    </>
  )
}

/** Put text where it can be pasted from; false where the browser does not let this page, as without TLS. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
