import { Modal } from '@mantine/core'
import { keySign } from '#keys/match.ts'
import { KEYS, type Scope } from '#keys/table.ts'
import { useWords } from '../words.ts'
import css from './shell.module.css'
import { isHere } from './use-keys.ts'

const SCOPES: readonly Scope[] = [...new Set(KEYS.map((row) => row.scope))]

/** All keys, printed from the table that they work by; first those that do something where one is. */
export function KeyHelp({ isShown, onClose }: { isShown: boolean; onClose: () => void }) {
  const { keys, scopes, shell } = useWords()
  return (
    <Modal opened={isShown} onClose={onClose} title={shell.keys} closeButtonProps={{ 'aria-label': shell.close }}>
      {isShown && SCOPES.toSorted((a, b) => Number(isHere(b)) - Number(isHere(a))).map((scope) => (
        <table key={scope} className={css.keys}>
          <caption>{scopes[scope]}</caption>
          <tbody>
            {KEYS.filter((row) => row.scope === scope).map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {row.keys.map((key) => (
                    <kbd key={key}>{keySign(key)}</kbd>
                  ))}
                </th>
                <td>{keys[row.id]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </Modal>
  )
}
