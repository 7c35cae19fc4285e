import { usePreferences } from '#state/preferences.ts'
import { type Formats, formatsOf } from '#words/format.ts'
import { type Words, WORDS } from '#words/index.ts'

export function useWords(): Words {
  return WORDS[usePreferences().language]
}

const made = new Map<string, Formats>()

/** Made once for a language: that takes as long as a frame on the screen, and every pane of an exam asks for it. */
export function useFormats(): Formats {
  const { language } = usePreferences()
  const formats = made.get(language) ?? formatsOf(language)
  made.set(language, formats)
  return formats
}
