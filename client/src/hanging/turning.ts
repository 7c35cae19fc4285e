// How a stored image is turned to hang right: the server's web/hanging.py, in the words of the viewer.

import type { Side } from '#schema/viewing.ts'

export type Attributes = Readonly<Record<string, unknown>>
export type Wall = 'left' | 'right'

export interface Turn {
  /** Left and right exchanged. */
  readonly isFlipped: boolean
  readonly isUpsideDown: boolean
}

/** Views from above or below; all others are from the side. */
const CRANIO_CAUDAL = new Set(['CC', 'XCC', 'XCCL', 'XCCM', 'FB'])

const OPPOSITE: Readonly<Record<string, string>> = { A: 'P', P: 'A', R: 'L', L: 'R', F: 'H', H: 'F' }

/** Views that hang alike and are looked at together: those from above, centred, and those from the side, axilla up. */
export type Family = 'cc' | 'mlo'

export function familyOf(view: string): Family {
  return CRANIO_CAUDAL.has(view) ? 'cc' : 'mlo'
}

/** The side of a hung image that the chest wall is on: right breast in the left pane, backs to each other. */
export function hungWall(side: Side): Wall {
  return side === 'R' ? 'right' : 'left'
}

/**
 * The lateral edge of a view from above lies up, the axilla of a view from the side too; the chest wall lies on the side
 * where the other breast hangs (IHE RAD TF-2 4.16.4.2.2.1.1.2).
 */
export function turnOf(side: Side, view: string, attributes: Attributes): Turn {
  const wall = chestWall(attributes)
  const downwards = familyOf(view) === 'mlo' ? 'F' : side === 'L' ? 'R' : 'L'
  return {
    isFlipped: wall !== null && wall !== hungWall(side),
    isUpsideDown: directions(attributes)[1] === OPPOSITE[downwards],
  }
}

/** From what it is known which end of an image is up, as the gate wrote it down: nothing: the usual end is taken. */
export function uprightFrom(attributes: Attributes): 'header' | 'pixels' | 'usual' {
  const from = attributes['upright_known_from']
  return from === 'pixels' || from === 'usual' ? from : 'header'
}

/** Where the chest wall is in the stored image: as the gate saw it in the pixels, else as Patient Orientation says. */
export function chestWall(attributes: Attributes): Wall | null {
  const said = attributes['chest_wall']
  if (said === 'left' || said === 'right') return said
  const rowwards = directions(attributes)[0]
  return rowwards === 'A' ? 'left' : rowwards === 'P' ? 'right' : null
}

function directions(attributes: Attributes): readonly [string, string] {
  const said = attributes['patient_orientation']
  const parts = typeof said === 'string' ? said.split('\\') : Array.isArray(said) ? said.map(String) : []
  const [row = '', column = ''] = parts.map((part) => part.trim().slice(0, 1).toUpperCase())
  return parts.length === 2 ? [row, column] : ['', '']
}

/**
 * Millimetres in the breast for a pixel, down and across; null when not known. Imager Pixel Spacing by the
 * magnification: what is measured on the detector is larger than in the breast.
 */
export function spacingOf(attributes: Attributes): readonly [number, number] | null {
  const said = attributes['imager_pixel_spacing']
  if (!Array.isArray(said) || said.length !== 2) return null
  const [down, across] = said.map(Number) as [number, number]
  const factor = Number(attributes['estimated_radiographic_magnification_factor'] || 1)
  return down > 0 && across > 0 && factor >= 1 ? [down / factor, across / factor] : null
}
