import { Badge, type CSSVariablesResolver, createTheme, type MantineColorsTuple, Notification } from '@mantine/core';
import { readableOn } from '../../contract/contrast.ts';

// A green that is readable on white and, in its light shades, on black.
const regulars: MantineColorsTuple = [
  '#eaf7f3',
  '#d6ebe4',
  '#a9d7c9',
  '#7ac3ad',
  '#54b296',
  '#3ca887',
  '#2b8f72',
  '#1f6f5c',
  '#185c4c',
  '#0b4838',
];

/** How the console looks: the system's own letters, one colour. */
export const theme = createTheme({
  colors: { regulars },
  primaryColor: 'regulars',
  primaryShade: 7,
  autoContrast: true,
  // Where black and white can be read alike, 4.58:1 each: what is filled has the one that can be read better.
  luminanceThreshold: 0.179,
  respectReducedMotion: true,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  headings: { fontWeight: '650' },
  components: {
    Badge: Badge.extend({ defaultProps: { tt: 'none' } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
  },
});

/** Quiet words, errors and warnings that can be read (WCAG 2.2 AA), where the library's own are too pale. */
export const variables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': '#6c757d',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    // Of badges and alerts on a light ground of their own colour; orange was 3.6:1.
    ...Object.fromEntries(
      Object.entries(colors).map(([name, shades]) => [
        `--mantine-color-${name}-light-color`,
        readableOn(shades[1], shades[9]),
      ]),
    ),
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': '#9a9a9a',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-red-light-color': 'var(--mantine-color-red-3)',
  },
});
