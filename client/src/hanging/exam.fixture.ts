// An image of an exam, for tests.

import type { ExamImage, Side } from '#schema/viewing.ts'

export function image(side: Side, view: string, more: Partial<ExamImage> = {}): ExamImage {
  return {
    image_id: `${side}${view}`,
    series_id: '1',
    laterality: side,
    view_position: view,
    is_standard: true,
    rows: 3518,
    columns: 2800,
    attributes: { imager_pixel_spacing: [0.085, 0.085] },
    presentation: {
      bits_stored: 12,
      is_signed: false,
      is_inverted: false,
      rescale_slope: 1,
      rescale_intercept: 0,
      windows: [],
      voi_lut_function: 'LINEAR',
      voi_luts: [],
      padding: null,
    },
    extent: side === 'R' ? [0.45, 0.1, 1, 0.9] : [0, 0.1, 0.55, 0.9],
    codestream: { url: '/', size: 0, offset: 0, tile_part_ends: [] },
    ...more,
  }
}
