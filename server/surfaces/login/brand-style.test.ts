import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contrast, readableOn } from '../../../contract/contrast.ts';
import { brandStyle } from './brand-style.ts';

const colour = fc.integer({ min: 0, max: 0xffffff }).map((bits) => `#${bits.toString(16).padStart(6, '0')}`);

test('black on white is the greatest contrast, a colour on itself none', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#123456', '#123456'), 1);
});

test('whatever colours a brand chooses, its text can be read', () => {
  fc.assert(
    fc.property(colour, colour, (ground, wanted) => contrast(ground, readableOn(ground, wanted)) >= 4.5),
    { numRuns: 500 },
  );
});

test('a theme becomes custom properties and nothing else', () => {
  const style = brandStyle({ theme: { primary: '#7a1f4d', corners: 'round', font: 'serif' } });
  assert.match(style, /--brand: #7a1f4d;/);
  assert.match(style, /--corner: 22px;/);
  assert.doesNotMatch(style, /url\(|@import/);
});
