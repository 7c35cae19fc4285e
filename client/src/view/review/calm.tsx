/** The filter of review.module.css that dims what is bright of revealed pictures and leaves what is faint. */
export function CalmFilter() {
  return (
    <svg width="0" height="0" aria-hidden="true" style={{ position: 'absolute' }}>
      <filter id="review-calm" colorInterpolationFilters="sRGB">
        <feComponentTransfer>
          <feFuncR type="table" tableValues={CURVE} />
          <feFuncG type="table" tableValues={CURVE} />
          <feFuncB type="table" tableValues={CURVE} />
        </feComponentTransfer>
      </filter>
    </svg>
  )
}

const CURVE = '0 0.1 0.2 0.3 0.36 0.4 0.43 0.46 0.49 0.51 0.53'
