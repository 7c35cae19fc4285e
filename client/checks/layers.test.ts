import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { importsOf, strayImports } from './layers.ts'

const SRC = join(import.meta.dirname, '..', 'src')
const folders: string[] = []

function planted(file: string, text: string): string {
  const src = mkdtempSync(join(tmpdir(), 'layers-'))
  folders.push(src)
  mkdirSync(dirname(join(src, file)), { recursive: true })
  writeFileSync(join(src, file), text)
  return src
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

it('imports point one way', () => {
  expect(strayImports(SRC)).toEqual([])
})

it.each([
  ['state/session.ts', "import { App } from '#view/app.tsx'"],
  ['api/session.ts', "import { useMe } from '#state/session.ts'"],
  ['view/app.tsx', "import { ask } from '#api/http.ts'"],
  ['view/app.tsx', "import { ask } from '../api/http.ts'"],
  ['view/shell/page.tsx', "const page = import('../../api/http.ts')"],
  ['schema/api.ts', "import type { Words } from '#words/index.ts'"],
  ['keys/table.ts', "import { useEffect } from 'react'"],
  ['hanging/mammography.ts', "import { KEYS } from '#keys/table.ts'"],
  ['pixels/window.ts', "import '@cornerstonejs/core'"],
  ['draw/box.ts', "export * from '#state/store.ts'"],
])('a planted import of %s is caught: %s', (file, text) => {
  expect(strayImports(planted(file, text))).toHaveLength(1)
})

it.each([
  ['view/shell/page.tsx', "import { useMe } from '#state/session.ts'\nimport { Table } from '@mantine/core'"],
  ['state/session.ts', "import { getMe } from '#api/session.ts'"],
  ['view/app.tsx', "import { Page } from './shell/page.tsx'"],
])('an import of %s that points the right way is let through', (file, text) => {
  expect(strayImports(planted(file, text))).toEqual([])
})

it('sees imports of every form', () => {
  const text = "import a from 'a'\nimport 'b'\nimport {\n  c,\n} from 'c'\nexport { d } from 'd'\nlazy(() => import('e'))"
  expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e'])
})
