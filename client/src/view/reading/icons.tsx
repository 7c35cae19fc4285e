const PATHS = {
  back: 'M12.500 4.500 7 10l5.500 5.500',
  invert: 'M10 3a7 7 0 1 0 0 14Zm0 0a7 7 0 0 1 0 14',
  full: 'M4 6.500 6 5v10M14 6.500 16 5v10M10 8.500v.01M10 12v.01',
  ruler: 'M3 13 13 3l4 4L7 17ZM6 10l1.500 1.500M8.500 7.500 11 10M11 5l1.500 1.500',
  lens: 'M8.500 3.500a5 5 0 1 0 0 10 5 5 0 0 0 0-10ZM12.200 12.200 17 17M8.500 6.500v4M6.500 8.500h4',
  link: 'M8.500 11.500a3 3 0 0 0 4.200 0l2.800-2.800a3 3 0 0 0-4.200-4.200L10 5.800M11.500 8.500a3 3 0 0 0-4.200 0l-2.800 2.800a3 3 0 0 0 4.200 4.200l1.300-1.300',
  reset: 'M4 4v4h4M4.300 8A6.500 6.500 0 1 1 3.500 11',
  screen: 'M3 4h14v10H3ZM7.500 17h5M10 14v3',
}

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
