// The same arithmetic as #pixels/raster.ts, for the graphics card.

import { KEPT_SHARE, MANY } from '#pixels/raster.ts'

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
// greys by which one has to differ from the mean to be kept, and 1 for bright, -1 for dark ones
uniform float least;
uniform float sign;
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
  vec2 width = max(abs(toStored.xz) / step, vec2(1.0));
  vec2 low = (stored - 0.5) / step - 0.5 * width;
  vec2 high = low + width;
  ivec2 first = ivec2(floor(low + 0.5));
  ivec2 last = ivec2(ceil(high - 0.5));
  float sum = 0.0;
  float peak = -2.0;
  for (int y = first.y; y <= last.y; y += 1) {
    float down = min(high.y, float(y) + 0.5) - max(low.y, float(y) - 0.5);
    for (int x = first.x; x <= last.x; x += 1) {
      float across = min(high.x, float(x) + 0.5) - max(low.x, float(x) - 0.5);
      float here = grey(ivec2(x, y));
      sum += max(down, 0.0) * max(across, 0.0) * here;
      vec2 middle = vec2(x, y);
      if (all(greaterThanEqual(middle, low)) && all(lessThan(middle, high))) peak = max(peak, sign * here);
    }
  }
  float mean = sum / (width.x * width.y);
  bool hasMany = max(width.x, width.y) > ${MANY.toFixed(1)};
  float more = hasMany ? max(0.0, peak - sign * mean - least) : 0.0;
  color = vec4(vec3(mean + sign * ${KEPT_SHARE} * more), 1.0);
}`
