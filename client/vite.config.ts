import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin, Rolldown } from 'vite'
import { defineConfig } from 'vitest/config'

// Where `mammoset serve` listens when one works on the client: npm run dev, with the server beside it.
const SERVER = process.env['MAMMOSET_SERVER'] ?? 'http://127.0.0.1:8000'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const digest = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')

/** Writes into the service worker what it keeps: the files of this build, and which page belongs to them. */
function shellInWorker(): Plugin {
  return {
    name: 'mammoset-shell',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const [worker, page] = [bundle['service-worker.js'], bundle['index.html']]
        if (worker?.type !== 'chunk' || page?.type !== 'asset') return this.error('the service worker or the page was not built')
        if (worker.imports.length > 0) return this.error('the service worker has to be one file')
        const files = Object.keys(bundle).filter((name) => name.startsWith('assets/'))
        const shell = { digest: digest(page.source), files: files.toSorted().map((name) => `/${name}`) }
        worker.code = worker.code.replace('BUILT_SHELL', JSON.stringify(shell))
      },
    },
  }
}

/** Where the first script of the page is to stand, and what the page of an exam needs beyond that of all pages. */
const [EARLY, EXAMS] = ['src/api/early.ts', 'src/view/reading/reading-page.tsx']

/** Puts into the page the script that begins before all others, and the names of the files that exams need. */
function earlyInPage(): Plugin {
  return {
    name: 'mammoset-early',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = bundle['index.html']
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk')
        const [early, exams] = [EARLY, EXAMS].map((file) => chunks.find((one) => one.facadeModuleId === here(file)))
        if (page?.type !== 'asset' || early === undefined || exams === undefined) return this.error('the page, its first script or the page of an exam was not built')
        if (early.imports.length > 0) return this.error('the first script has to be one file')
        const text = String(page.source)
        const own = filesOf(exams, bundle).filter((name) => !text.includes(name))
        const decoder = Object.keys(bundle).filter((name) => /decoding\.worker.*\.js$|\.wasm$/.test(name))
        const files = [...new Set([...own, ...decoder])].map((name) => `/${name}`).join(' ')
        // async: else it would wait for the styles
        const first = `<meta name="files-of-exams" content="${files}" />\n    <script type="module" async crossorigin src="/${early.fileName}"></script>`
        page.source = text.replace('<script', `${first}\n    <script`)
      },
    },
  }
}

/** The files that a chunk needs before it runs: itself, what it imports, their styles. */
function filesOf(chunk: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle, known = new Set<string>()): readonly string[] {
  known.add(chunk.fileName)
  for (const name of chunk.imports) {
    const imported = bundle[name]
    if (imported?.type === 'chunk' && !known.has(name)) filesOf(imported, bundle, known)
  }
  for (const name of chunk.viteMetadata?.importedCss ?? []) known.add(name)
  return [...known]
}

export default defineConfig({
  plugins: [react(), earlyInPage(), shellInWorker()],
  define: { BUILT_SCHEMA: JSON.stringify(digest(readFileSync(here('src/schema/api.ts'))).slice(0, 16)) },
  build: {
    outDir: '../src/mammoset/web/client',
    emptyOutDir: true,
    target: 'es2023',
    // The server's policy allows no data: addresses in styles and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The page must not say where it was built.
    sourcemap: false,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      input: { index: here('index.html'), early: here(EARLY), 'service-worker': here('src/offline/service-worker.ts') },
      // Its address is the same in every version, as browsers want it.
      output: { entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
  // The decoder names them for Node and uses neither in a browser.
  resolve: { alias: [{ find: /^(fs|path)$/, replacement: here('src/state/images/no-node.ts') }] },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', proxy: { '/api': SERVER, '/oidc': SERVER, '/static': SERVER } },
  test: { include: ['src/**/*.test.{ts,tsx}', 'checks/**/*.test.ts'], environment: 'node' },
})
