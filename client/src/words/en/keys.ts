import type { KeyId, Scope } from '#keys/table.ts'

export const keys: Record<KeyId, string> = {
  showHelp: 'show this help',
  openNext: 'open the next exam',
  rowDown: 'next row',
  rowUp: 'previous row',
  showNew: 'what is new',
  showInProgress: 'what is in progress',
  showDone: 'what is done',
}

export const scopes: Record<Scope, string> = { everywhere: 'Everywhere', worklist: 'Worklists' }
