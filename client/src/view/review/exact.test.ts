import { expect, it } from 'vitest'
import { segmentsOf } from './exact.ts'

/** Unseen characters in brackets. */
const shown = (value: string) => segmentsOf(value).map(({ text, name }) => (name === undefined ? text : `[${text}]`)).join('')

it.each([
  ['SIEMENS', 'SIEMENS'],
  ['GE MEDICAL SYSTEMS', 'GE MEDICAL SYSTEMS'],
  [' R CC ', '[·]R CC[·]'],
  ['MAMMO  LEFT', 'MAMMO[·][·]LEFT'],
  ['NORMAL \\ HARDER', 'NORMAL[·]\\[·]HARDER'],
  ['a\tb\nc\r', 'a[⇥]b[↵]c[000D]'],
  ['a\u00a0b', 'a[00A0]b'],
  ['safe\u202etxt', 'safe[202E]txt'],
  ['zero\u200bwidth', 'zero[200B]width'],
  ['\u3164', '[3164]'],
  ['Nguyễn Thị Ánh', 'Nguyễn Thị Ánh'],
  ['', ''],
])('%j is shown as %s', (value, wanted) => {
  expect(shown(value)).toBe(wanted)
})

it('loses no character', () => {
  const value = ' a  b\t\u0000\u{1F600}\ud800 c '
  const restored = segmentsOf(value).map(({ text, name }) => (name === undefined ? text : 'x')).join('')
  expect([...restored]).toHaveLength([...value].length)
})
