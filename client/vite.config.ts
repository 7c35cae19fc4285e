import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// Where `mammoset serve` listens when one works on the client: npm run dev, with the server beside it.
const SERVER = process.env['MAMMOSET_SERVER'] ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react()],
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
  },
  // The decoder names them for Node and uses neither in a browser.
  resolve: { alias: [{ find: /^(fs|path)$/, replacement: fileURLToPath(new URL('src/state/images/no-node.ts', import.meta.url)) }] },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', proxy: { '/api': SERVER, '/oidc': SERVER, '/static': SERVER } },
  test: { include: ['src/**/*.test.{ts,tsx}', 'checks/**/*.test.ts'], environment: 'node' },
})
