import { describe, expect, it } from 'vitest'
import type { ReviewImage } from '#schema/review.ts'
import { gridFor, isInPart, PARTS, pictureFor, screensOf } from './review-screens.ts'

const image = (exam: number, view: number, codes: readonly string[] = []): ReviewImage =>
  ({
    image_id: `${exam}.${view}`,
    study_id: `${exam}`,
    place: 'pending',
    flag: null,
    suspicions: codes.map((code) => ({ code, words: code })),
  }) as unknown as ReviewImage
const exams = (n: number): ReviewImage[] => Array.from({ length: 4 * n }, (_, k) => image(Math.floor(k / 4), k % 4))
const lengths = (images: readonly ReviewImage[], most: number) => screensOf(images, most).map((one) => one.images.length)

describe('screensOf', () => {
  it('shows alone what needs a close look, and the rest together', () => {
    const images = [image(9, 0, ['text_found']), image(8, 0, ['kept_region', 'rare_size']), ...exams(4)]
    expect(lengths(images, 12)).toEqual([1, 1, 12, 4])
    expect(screensOf(images, 12).map((one) => one.start)).toEqual([0, 1, 2, 14])
  })

  it('does not show a whole dataset one by one because of what holds of all of it', () => {
    const images = Array.from({ length: 12 }, (_, k) => image(Math.floor(k / 4), k % 4, ['not_checked']))
    expect(lengths(images, 12)).toEqual([12])
  })

  it('keeps exams whole where the screen is nearly full', () => {
    expect(lengths(exams(7).slice(1), 12)).toEqual([11, 12, 4])
    expect(lengths(exams(2), 6)).toEqual([6, 2])
    expect(lengths(exams(1), 1)).toEqual([1, 1, 1, 1])
  })

  it('shows each image once and loses none', () => {
    for (const most of [1, 2, 5, 12, 20]) {
      const images = [...exams(5).slice(2), image(9, 0, ['text_found']), ...exams(3)]
      expect(screensOf(images, most).flatMap((one) => one.images)).toEqual(images)
    }
    expect(screensOf([], 12)).toEqual([])
  })
})

describe('gridFor', () => {
  it.each([
    [1, 0.8, [1, 1]],
    [12, 1.6, [4, 3]],
    [12, 0.8, [6, 2]],
  ])('%d pictures of shape %d', (count, shape, wanted) => {
    const { columns, rows } = gridFor(count, { width: 1280, height: 620 }, shape, 28)
    expect([columns, rows]).toEqual(wanted)
  })

  it('always fits', () => {
    for (let count = 1; count < 30; count += 1) {
      const { columns, rows, height } = gridFor(count, { width: 900, height: 500 }, 0.8, 20)
      expect(columns * rows).toBeGreaterThanOrEqual(count)
      expect(rows * (height + 20)).toBeLessThanOrEqual(500)
      expect(columns * height * 0.8).toBeLessThanOrEqual(900)
    }
  })
})

it('pictures are fetched as large as they are shown', () => {
  expect([100, 240, 600, 900, 1900, 4000].map(pictureFor)).toEqual(['216', '216', '864', '864', '1728', 'full'])
})

it('parts of the exams share them out', () => {
  const numbers = Array.from({ length: 24 }, (_, n) => n + 1)
  for (const of of [1, 2, 3, 4]) {
    const parts = PARTS.filter((part) => part.of === of).map((part) => numbers.filter((number) => isInPart({ number }, part)))
    expect(parts.map((part) => part.length)).toEqual(Array.from({ length: of }, () => 24 / of))
    expect(parts.flat().toSorted((a, b) => a - b)).toEqual(numbers)
  }
})
