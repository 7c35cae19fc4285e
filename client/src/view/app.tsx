import { MantineProvider } from '@mantine/core'
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { RouterProvider } from 'react-router/dom'
import { usePreferences } from '#state/preferences.ts'
import { makeRouter } from './routes.tsx'
import { theme } from './theme/theme.ts'

export function App({ store }: { store: QueryClient }) {
  const [router] = useState(makeRouter)
  const { colorScheme, language } = usePreferences()
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <MantineProvider theme={theme} forceColorScheme={colorScheme} withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={store}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
