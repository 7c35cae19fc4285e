import type { Painted, Painter } from './painter.ts'
import { CORNERS, GREYS, TABLE_SIDE } from './shader.ts'

interface Kept<Source> {
  readonly source: Source
  readonly texture: WebGLTexture
}

const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i
/** Levels of an image that stay on the card: the one shown, and another in the magnifier. */
const LEVELS_KEPT = 2

/**
 * Paints on the graphics card; null where there is none: what only imitates one is slower than `canvasPainter`.
 *
 * @param onRestored Called when the card was taken away and given back.
 * @param isForced Also paint on an imitation.
 */
export function glPainter(canvas: HTMLCanvasElement, onRestored: () => void, isForced: boolean): Painter | null {
  // Asked of another canvas: one that has once painted in one way cannot paint in the other.
  if (!isForced && !(hasOne ??= hasCard())) return null
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, powerPreference: 'high-performance' })
  return gl === null ? null : new GlPainter(canvas, gl, onRestored)
}

/** Whether there is a card: looked for once, because that takes as long as painting several exams. */
let hasOne: boolean | undefined

// while the exam is on its way
globalThis.requestIdleCallback?.(() => {
  hasOne ??= hasCard()
})

function hasCard(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2')
  const isThere = gl !== null && !SOFTWARE.test(rendererOf(gl))
  gl?.getExtension('WEBGL_lose_context')?.loseContext()
  return isThere
}

function rendererOf(gl: WebGL2RenderingContext): string {
  const named = gl.getExtension('WEBGL_debug_renderer_info')
  return String(gl.getParameter(named?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER))
}

class GlPainter implements Painter {
  readonly isAccelerated: boolean
  readonly largest: number
  readonly #canvas: HTMLCanvasElement
  readonly #gl: WebGL2RenderingContext
  readonly #levels = new Map<string, Kept<Uint16Array>[]>()
  readonly #tables = new Map<string, Kept<Uint8Array>>()
  #program: WebGLProgram
  readonly #listening = new AbortController()

  constructor(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext, onRestored: () => void) {
    this.#canvas = canvas
    this.#gl = gl
    this.#program = programOf(gl)
    this.largest = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number
    this.isAccelerated = !SOFTWARE.test(rendererOf(gl))
    const { signal } = this.#listening
    canvas.addEventListener('webglcontextlost', (event) => event.preventDefault(), { signal })
    canvas.addEventListener('webglcontextrestored', () => this.#begin(onRestored), { signal })
  }

  paint(width: number, height: number, items: readonly Painted[]): void {
    const gl = this.#gl
    if (gl.isContextLost()) return
    this.#resize(width, height)
    gl.disable(gl.SCISSOR_TEST)
    gl.clearColor(0, 0, 0, 1)
    gl.clear(gl.COLOR_BUFFER_BIT)
    gl.enable(gl.SCISSOR_TEST)
    gl.useProgram(this.#program)
    for (const item of items) this.#draw(item, height)
  }

  keepOnly(imageIds: ReadonlySet<string>): void {
    for (const imageId of [...this.#levels.keys(), ...this.#tables.keys()].filter((one) => !imageIds.has(one))) {
      for (const { texture } of this.#levels.get(imageId) ?? []) this.#gl.deleteTexture(texture)
      this.#gl.deleteTexture(this.#tables.get(imageId)?.texture ?? null)
      this.#levels.delete(imageId)
      this.#tables.delete(imageId)
    }
  }

  dispose(): void {
    this.#listening.abort()
    this.keepOnly(new Set())
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext()
  }

  #begin(onRestored: () => void): void {
    this.#levels.clear()
    this.#tables.clear()
    this.#program = programOf(this.#gl)
    onRestored()
  }

  #resize(width: number, height: number): void {
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height })
    this.#gl.viewport(0, 0, width, height)
  }

  #draw(item: Painted, height: number): void {
    const gl = this.#gl
    const { area, toStored, imageColumns, imageRows, level } = item
    gl.scissor(area.x, height - area.y - area.height, area.width, area.height)
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, this.#levelOf(item))
    gl.activeTexture(gl.TEXTURE1)
    gl.bindTexture(gl.TEXTURE_2D, this.#tableOf(item))
    const at = (name: string) => gl.getUniformLocation(this.#program, name)
    gl.uniform1i(at('values'), 0)
    gl.uniform1i(at('table'), 1)
    gl.uniform4f(at('toStored'), toStored.ax, toStored.bx, toStored.ay, toStored.by)
    gl.uniform2f(at('imageSize'), imageColumns, imageRows)
    gl.uniform1f(at('canvasHeight'), height)
    gl.uniform1f(at('step'), 2 ** level)
    gl.uniform1f(at('least'), item.peaks.least / 255)
    gl.uniform1f(at('sign'), item.peaks.isDark ? -1 : 1)
    gl.drawArrays(gl.TRIANGLES, 0, 3)
  }

  #levelOf({ imageId, values, columns, rows }: Painted): WebGLTexture {
    const kept = this.#levels.get(imageId) ?? []
    const found = kept.find(({ source }) => source === values)
    if (found !== undefined) return found.texture
    const gl = this.#gl
    const texture = nearest(gl)
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 2)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R16UI, columns, rows, 0, gl.RED_INTEGER, gl.UNSIGNED_SHORT, values)
    for (const { texture: old } of kept.splice(0, kept.length + 1 - LEVELS_KEPT)) gl.deleteTexture(old)
    this.#levels.set(imageId, [...kept, { source: values, texture }])
    return texture
  }

  #tableOf({ imageId, table }: Painted): WebGLTexture {
    const known = this.#tables.get(imageId)
    if (known?.source === table) return known.texture
    const gl = this.#gl
    const texture = known?.texture ?? nearest(gl)
    gl.bindTexture(gl.TEXTURE_2D, texture)
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1)
    const whole = new Uint8Array(TABLE_SIDE * TABLE_SIDE)
    whole.set(table)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, TABLE_SIDE, TABLE_SIDE, 0, gl.RED, gl.UNSIGNED_BYTE, whole)
    this.#tables.set(imageId, { source: table, texture })
    return texture
  }
}

function nearest(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, texture)
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST)
  for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE)
  return texture
}

function programOf(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram()
  for (const [type, text] of [[gl.VERTEX_SHADER, CORNERS], [gl.FRAGMENT_SHADER, GREYS]] as const) {
    const shader = gl.createShader(type)
    if (shader === null) continue
    gl.shaderSource(shader, text)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
    throw new Error(`the shader does not link: ${gl.getProgramInfoLog(program)}`)
  }
  return program
}
