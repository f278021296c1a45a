// `npm exec -c 'node bench/console-load.ts'`: the console's first load in Chromium, nothing of it in the browser's cache.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../test/browser.ts';
import { administratorVariables, type SignedIn, signInFirst } from '../test/staff.ts';
import { startRegulars } from './regulars.ts';

const rounds = Number(process.argv[2] ?? 15);
const customers = 100;

type Load = {
  /** From the request of the page until the first customer stands there, in milliseconds. */
  readonly shown: number;
  /** Of that: until the browser drew anything. */
  readonly painted: number;
  /** Of that: in which scripts held the browser longer than 50 ms at once. */
  readonly busy: number;
  readonly requests: number;
  readonly kilobytes: number;
};

const regulars = await startRegulars(customers, [], administratorVariables);

/** A browser that was never here before, in which one of the staff is signed in. */
async function freshPage(browser: Browser, staff: SignedIn): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addCookies(
    staff.browser.jar.all().map(({ name, value }) => ({ name, value, url: regulars.url, sameSite: 'Strict' as const })),
  );
  const page = await context.newPage();
  await page.addInitScript(`
    window.busy = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) window.busy += one.duration; })
      .observe({ type: 'longtask', buffered: true });
  `);
  return page;
}

async function load(page: Page): Promise<Load> {
  await page.goto(`${regulars.url}/console/customers`);
  await page.locator('tbody tr').first().waitFor();
  return page.evaluate(`(() => {
    const found = performance.getEntriesByType('resource');
    const [page] = performance.getEntriesByType('navigation');
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    const bytes = [page, ...found].reduce((sum, one) => sum + one.transferSize, 0);
    return {
      shown: performance.now(), painted: paint?.startTime ?? NaN, busy: window.busy,
      requests: found.length + 1, kilobytes: bytes / 1000,
    };
  })()`);
}

function median(values: readonly number[], part = 0.5): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function row(what: string, loads: readonly Load[]): string {
  const of = (name: keyof Load, part?: number) =>
    median(
      loads.map((one) => one[name]),
      part,
    ).toFixed(0);
  const bytes = `${of('requests')} requests, ${of('kilobytes')} kB`;
  return `| ${what} | ${of('shown')} ms | ${of('shown', 0.95)} ms | ${of('painted')} ms | ${of('busy')} ms | ${bytes} |`;
}

const browser = await launchBrowser();
try {
  while ((await fetch(`${regulars.url}/console`)).status !== 200) await sleep(500);
  const staff = await signInFirst(regulars);
  const [cold, warm]: [Load[], Load[]] = [[], []];
  for (let round = -2; round < rounds; round += 1) {
    const page = await freshPage(browser, staff);
    const [first, second] = [await load(page), await load(page)];
    if (round >= 0) {
      cold.push(first);
      warm.push(second);
    }
    await page.context().close();
  }
  process.stdout.write(
    `${[
      `the list of customers, ${rounds} times; goal: 1500 ms`,
      '| load | median | p95 | first paint | scripts at work | over the network |',
      '|---|---|---|---|---|---|',
      row('the first', cold),
      row('the next, files in the cache', warm),
    ].join('\n')}\n`,
  );
} finally {
  await browser.close();
  await regulars.stop();
}
