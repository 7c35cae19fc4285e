// Between stored pixels and the page: each axis is scaled, perhaps turned round, and moved. Hung images are not rotated.

export interface Point {
  readonly x: number
  readonly y: number
}

/** Page x = ax · x + bx, page y = ay · y + by; a negative factor is a flip. */
export interface Transform {
  readonly ax: number
  readonly bx: number
  readonly ay: number
  readonly by: number
}

export function toPage({ ax, bx, ay, by }: Transform, { x, y }: Point): Point {
  return { x: ax * x + bx, y: ay * y + by }
}

export function toImage({ ax, bx, ay, by }: Transform, { x, y }: Point): Point {
  return { x: (x - bx) / ax, y: (y - by) / ay }
}

/** The transform that takes two corners of an image to these places on the page. */
export function throughCorners(origin: Point, far: Point, columns: number, rows: number): Transform {
  return { ax: (far.x - origin.x) / columns, bx: origin.x, ay: (far.y - origin.y) / rows, by: origin.y }
}
