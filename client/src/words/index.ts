import { en, type Words } from './en.ts'
import { vi } from './vi.ts'

export type { Words }
export type Language = 'en' | 'vi'

export const WORDS: Record<Language, Words> = { en, vi }

/** Each language's name in itself. */
export const LANGUAGES: Record<Language, string> = { en: 'English', vi: 'Tiếng Việt' }

export function isLanguage(value: unknown): value is Language {
  return value === 'en' || value === 'vi'
}

/** The language to begin with: the first of the browser's that there is, else English. */
export function preferred(asked: readonly string[]): Language {
  return asked.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}
