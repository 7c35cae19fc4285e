import '@mantine/core/styles.css'
import '#view/theme/tokens.css'
import '#view/theme/mantine.css'
import '#view/theme/base.css'
import { createRoot } from 'react-dom/client'
import { makeStore } from '#state/store.ts'
import { App } from '#view/app.tsx'

const root = document.getElementById('root')
if (root) createRoot(root).render(<App store={makeStore()} />)
