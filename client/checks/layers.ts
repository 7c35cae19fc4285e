import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** Which folders of src/ a folder may import from; itself always. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  main: ['view', 'state', 'api', 'schema', 'words', 'keys', 'hanging', 'pixels', 'draw', 'rules'],
  view: ['state', 'schema', 'words', 'keys', 'hanging', 'pixels', 'draw', 'rules'],
  state: ['api', 'schema', 'words', 'keys', 'hanging', 'pixels', 'draw', 'rules'],
  api: ['schema'],
  words: ['schema', 'keys'],
  keys: ['schema'],
  hanging: ['schema'],
  pixels: ['schema'],
  draw: ['schema'],
  rules: ['schema'],
  schema: [],
  offline: [],
}

/** The folders whose files know no library, browser or server: values in, values out. */
const PURE = new Set(['schema', 'words', 'keys', 'hanging', 'pixels', 'draw', 'rules'])

const IMPORT = /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g

/** Imports under `src` that point the wrong way, as `file → what it imports`; empty when the house is in order. */
export function strayImports(src: string): string[] {
  return sourcesOf(src).flatMap((file) =>
    importsOf(readFileSync(file, 'utf8'))
      .filter((target) => !isAllowed(src, file, target))
      .map((target) => `${relative(src, file)} → ${target}`),
  )
}

function sourcesOf(src: string): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => join(src, name))
}

export function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map((found) => found[1] ?? found[2] ?? '')
}

function isAllowed(src: string, file: string, target: string): boolean {
  const from = folderOf(relative(src, file))
  if (target.startsWith('#')) return mayImport(from, folderOf(target.slice(1)))
  if (target.startsWith('.')) return folderOf(relative(src, resolve(dirname(file), target))) === from
  return !PURE.has(from)
}

function mayImport(from: string, to: string): boolean {
  return from === to || (MAY[from] ?? []).includes(to)
}

/** `main.tsx` → main, `view/parts/x.tsx` → view. */
function folderOf(path: string): string {
  const [first = ''] = path.split(sep)
  return first.replace(/\.tsx?$/, '')
}
