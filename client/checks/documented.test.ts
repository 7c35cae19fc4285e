import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keySign } from '../src/keys/match.ts'
import { KEYS } from '../src/keys/table.ts'
import { WORDS } from '../src/words/index.ts'

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'client.md'), 'utf8')

it('the keys in docs/client.md are those of the table', () => {
  const rows = KEYS.map(({ id, scope, keys }) => `| ${scope} | ${keys.map(keySign).join(' ')} | ${WORDS.en.keys[id]} |`)
  const written = PAGE.split('<!-- keys -->\n')[1]?.split('<!-- end -->')[0]?.trim().split('\n').slice(2)
  expect(written).toEqual(rows)
})
