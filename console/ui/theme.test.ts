import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  defaultVariantColorsResolver,
  mergeMantineTheme,
} from '@mantine/core';
import { contrast } from '../../contract/contrast.ts';
import { theme, variables } from './theme.ts';

const merged = mergeMantineTheme(DEFAULT_THEME, theme);
const [base, own] = [defaultCssVariablesResolver(merged), variables(merged)];
/** Each colour by itself, and the shades that badges are given by name. */
const colours = [...Object.keys(merged.colors), 'gray.7', 'red.9', 'yellow.9'];

for (const scheme of ['light', 'dark'] as const) {
  const all: Record<string, string> = { ...base.variables, ...base[scheme], ...own[scheme] };
  const seen = (value: string): string => {
    const [, name] = /^var\((--[\w-]+)\)$/.exec(value) ?? [];
    return name === undefined ? hex(value) : seen(all[name] ?? '');
  };
  for (const variant of ['filled', 'light', 'default']) {
    test(`every badge can be read: ${variant}, ${scheme}`, () => {
      for (const colour of colours) {
        // Shades by name are filled only.
        if (colour.includes('.') && variant !== 'filled') continue;
        const { background, color } = defaultVariantColorsResolver({ color: colour, theme: merged, variant });
        const ratio = contrast(seen(background), seen(color));
        assert.ok(ratio >= 4.5, `${colour}: ${ratio.toFixed(2)}`);
      }
    });
  }
}

/** A colour as `#rrggbb`, whichever way the library writes it. */
function hex(value: string): string {
  const [, r, g, b] = /^rgba?\((\d+), (\d+), (\d+)(?:, 1)?\)$/.exec(value) ?? [];
  if (r === undefined) return value.length === 4 ? value.replace(/[\da-f]/gi, '$&$&') : value;
  return `#${[r, g, b].map((channel) => Number(channel).toString(16).padStart(2, '0')).join('')}`;
}
