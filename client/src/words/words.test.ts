import { describe, expect, it } from 'vitest'
import { formatsOf } from './format.ts'
import { preferred, WORDS } from './index.ts'

type Leaf = [path: string, value: unknown]

function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`))
}

const written = ([, value]: Leaf): string => (typeof value === 'string' ? value : String(value))

describe('words', () => {
  it('are said in Vietnamese wherever they are said in English', () => {
    const english = new Map(leaves(WORDS.en))
    for (const [path, value] of leaves(WORDS.vi)) {
      expect(typeof value).toBe(typeof english.get(path))
      expect(value === '', path).toBe(english.get(path) === '')
    }
    expect(leaves(WORDS.vi).map(([path]) => path)).toEqual([...english.keys()])
  })

  it('are not left in English', () => {
    const english = new Map(leaves(WORDS.en))
    const same = leaves(WORDS.vi).filter(([path, value]) => value !== '' && value === english.get(path))
    expect(same.map(([path]) => path)).toEqual(['.arbitration.kinds.birads'])
  })

  it('hold composed Vietnamese letters only, so that searching finds them', () => {
    for (const leaf of leaves(WORDS.vi)) expect(written(leaf)).toBe(written(leaf).normalize('NFC'))
  })

  it('count in both languages', () => {
    expect(WORDS.en.session.throttled(1)).toContain('1 second.')
    expect(WORDS.en.session.throttled(30)).toContain('30 seconds.')
    expect(WORDS.vi.session.throttled(30)).toContain('30 giây.')
    expect(WORDS.vi.worklist.progress(3, 10)).toBe('Đã xong 3/10 ca')
  })
})

describe('preferred', () => {
  it('takes the first language of the browser that there is', () => {
    expect(preferred(['fr-FR', 'vi-VN', 'en'])).toBe('vi')
    expect(preferred(['en-US', 'vi'])).toBe('en')
    expect(preferred(['fr'])).toBe('en')
    expect(preferred([])).toBe('en')
  })
})

describe('formats', () => {
  it('write numbers as the language does', () => {
    expect(formatsOf('en').number(20000)).toBe('20,000')
    expect(formatsOf('vi').number(20000)).toBe('20.000')
  })

  it('write a time in the time zone of the reader, and a dash where there is none', () => {
    expect(formatsOf('en', 'Asia/Ho_Chi_Minh').time('2024-03-01T20:05:00Z')).toBe('2 Mar, 03:05')
    expect(formatsOf('vi', 'Asia/Ho_Chi_Minh').time('2024-03-01T20:05:00Z')).toContain('03:05')
    expect(formatsOf('en').time(null)).toBe('–')
  })

  it('write seconds as minutes and seconds, and a day whatever the time zone', () => {
    expect([49.4, 60, 3599.6, 3661].map(formatsOf('en').duration)).toEqual(['0:49', '1:00', '1:00:00', '1:01:01'])
    expect(formatsOf('en', 'America/Los_Angeles').day('2024-05-17')).toBe('17 May')
    expect(formatsOf('vi').decimal(0.5)).toBe('0,50')
  })
})
