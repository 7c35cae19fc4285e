// The same arithmetic as #pixels/raster.ts, for the graphics card.

/** One triangle that covers the canvas. */
export const CORNERS = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`

/** Table entry n stands at column n % 256 of row n / 256. */
export const TABLE_SIDE = 256

export const GREYS = `#version 300 es
precision highp float;
precision highp int;
uniform highp usampler2D values;
uniform highp sampler2D table;
uniform vec4 toStored;
uniform vec2 imageSize;
uniform float canvasHeight;
uniform float step;
out vec4 color;

float grey(ivec2 at) {
  uint value = texelFetch(values, clamp(at, ivec2(0), textureSize(values, 0) - 1), 0).r;
  return texelFetch(table, ivec2(int(value & 255u), int(value >> 8u)), 0).r;
}

void main() {
  vec2 page = vec2(gl_FragCoord.x, canvasHeight - gl_FragCoord.y);
  vec2 stored = page * toStored.xz + toStored.yw;
  if (any(lessThan(stored, vec2(0.0))) || any(greaterThanEqual(stored, imageSize))) {
    color = vec4(0.0, 0.0, 0.0, 1.0);
    return;
  }
  vec2 at = (stored - 0.5) / step;
  vec2 below = floor(at);
  vec2 weight = at - below;
  ivec2 first = ivec2(below);
  float above = mix(grey(first), grey(first + ivec2(1, 0)), weight.x);
  float under = mix(grey(first + ivec2(0, 1)), grey(first + ivec2(1, 1)), weight.x);
  color = vec4(vec3(mix(above, under, weight.y)), 1.0);
}`
