// Every key of the client is a row here. The help overlay prints this table, and words/*/keys.ts must name each row.

export type Scope = 'everywhere' | 'worklist'

export interface Binding {
  readonly id: string
  readonly scope: Scope
  /** Names as `KeyboardEvent.key` has them; any of them. */
  readonly keys: readonly string[]
}

export const KEYS = [
  { id: 'showHelp', scope: 'everywhere', keys: ['?'] },
  { id: 'openNext', scope: 'worklist', keys: ['n'] },
  { id: 'rowDown', scope: 'worklist', keys: ['j', 'ArrowDown'] },
  { id: 'rowUp', scope: 'worklist', keys: ['k', 'ArrowUp'] },
  { id: 'showNew', scope: 'worklist', keys: ['1'] },
  { id: 'showInProgress', scope: 'worklist', keys: ['2'] },
  { id: 'showDone', scope: 'worklist', keys: ['3'] },
] as const satisfies readonly Binding[]

export type KeyId = (typeof KEYS)[number]['id']
export type KeyIdOf<S extends Scope> = Extract<(typeof KEYS)[number], { scope: S }>['id']
