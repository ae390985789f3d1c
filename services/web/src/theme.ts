import { createTheme } from '@mantine/core';

/** Shapes of the components. Colours are in theme.css, so that the page needs no inline style sheet. */
export const theme = createTheme({
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
});
