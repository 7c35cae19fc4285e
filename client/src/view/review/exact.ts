// A value as it is: what cannot be seen is named, nothing is trimmed.

export interface Segment {
  readonly text: string
  /** What stands for a character that cannot be seen; `text` is then its sign. */
  readonly name?: 'space' | 'tab' | 'newline' | { readonly code: string }
}

const SIGNS = new Map<string, { text: string; name: NonNullable<Segment['name']> }>([
  [' ', { text: '·', name: 'space' }],
  ['\t', { text: '⇥', name: 'tab' }],
  ['\n', { text: '↵', name: 'newline' }],
])

/** Controls, spaces of other widths, what has no width, what turns the direction of writing, what is no character. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]|(?! )\p{Zs}|\uFFFD|\u115F|\u1160|\u3164|\uFFA0|\u2800|\u034F/u

/** Cut a value into what can be read and what has to be named: spaces at its ends and double ones, controls, the like. */
export function segmentsOf(value: string): Segment[] {
  const segments: Segment[] = []
  let seen = ''
  const letters = [...value]
  letters.forEach((letter, place) => {
    const sign = signOf(letters, place)
    if (sign === null) {
      seen += letter
      return
    }
    if (seen !== '') segments.push({ text: seen })
    seen = ''
    segments.push(sign)
  })
  if (seen !== '') segments.push({ text: seen })
  return segments
}

function signOf(letters: readonly string[], place: number): Segment | null {
  const letter = letters[place] ?? ''
  if (letter === ' ' && !isOdd(letters, place)) return null
  const known = SIGNS.get(letter)
  if (known !== undefined) return known
  if (!UNSEEN.test(letter)) return null
  const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return { text: code, name: { code: `U+${code}` } }
}

/** Whether a space stands where it would be overlooked: at an end of the value or of a part of it, or beside another. */
function isOdd(letters: readonly string[], place: number): boolean {
  const beside = [letters[place - 1], letters[place + 1]]
  return beside.some((one) => one === undefined || one === ' ' || one === '\\')
}
