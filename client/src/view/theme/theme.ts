import { createTheme } from '@mantine/core'

/**
 * What Mantine computes in JavaScript; colors and fonts are in tokens.css and mantine.css.
 * Modal and Drawer would write a style element to keep the page from scrolling, which our policy blocks.
 */
export const theme = createTheme({
  primaryColor: 'teal',
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: { defaultProps: { lockScroll: false, centered: true, transitionProps: { duration: 120 } } },
    Drawer: { defaultProps: { lockScroll: false } },
    Menu: { defaultProps: { transitionProps: { duration: 80 } } },
  },
})
