import { useMemo } from 'react'
import { usePreferences } from '#state/preferences.ts'
import { type Formats, formatsOf } from '#words/format.ts'
import { type Words, WORDS } from '#words/index.ts'

export function useWords(): Words {
  return WORDS[usePreferences().language]
}

export function useFormats(): Formats {
  const { language } = usePreferences()
  return useMemo(() => formatsOf(language), [language])
}
