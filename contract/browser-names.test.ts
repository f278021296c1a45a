import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserName } from './browser-names.ts';

const apple = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const table: readonly [string, string | undefined][] = [
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0`, 'Firefox (Windows)'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0`,
    'Edge (Windows)',
  ],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${apple} Version/17.6 Safari/605.1.15`, 'Safari (macOS)'],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) ${apple} Version/17.6 Mobile/15E148 Safari/604.1`,
    'Safari (iPhone)',
  ],
  [`Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) ${apple} CriOS/128.0 Mobile/15E148 Safari/604.1`, 'Chrome (iPad)'],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-S918B) ${webkit} SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36`,
    'Samsung Internet (Android)',
  ],
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/128.0.0.0 Safari/537.36`, 'Chrome (Linux)'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/128.0.0.0 Safari/537.36 OPR/113.0.0.0`, 'Opera (Linux)'],
  ['curl/8.5.0', 'curl'],
  ['node', 'node'],
  ['<script>alert(1)</script>', undefined],
  ['', undefined],
];

for (const [said, name] of table) test(`${said.slice(0, 60)} is ${name}`, () => assert.equal(browserName(said), name));
