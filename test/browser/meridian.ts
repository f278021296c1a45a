// The demo with a browser in front of it, for the browser journeys.
import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { NetworkName } from '../../demo/networks/networks.ts';
import type { BrandSlug, Ports } from '../../demo/places.ts';
import { type Demo, startDemo } from '../../demo/start-demo.ts';
import { readConfig } from '../../server/base/config.ts';
import { openLog } from '../../server/base/log.ts';
import { type Manage, manageAt } from '../api-calls.ts';
import { openBrowser } from '../browser.ts';
import { createTestDatabase } from '../database.ts';
import { freePort } from '../free-port.ts';

export type Meridian = Demo & {
  readonly browser: Browser;
  readonly manage: Manage;
  /** The beginnings of lines that the server logged, warnings and worse. */
  readonly logged: readonly string[];
  close(): Promise<void>;
};

const anyPorts: Ports = {
  server: 0,
  networks: { google: 0, facebook: 0, apple: 0, x: 0, github: 0 },
  shops: { lumiere: 0, northtrail: 0 },
  outbox: 0,
};

/** Starts all of it on a fresh database and free ports. */
export async function openMeridian(): Promise<Meridian> {
  const database = await createTestDatabase();
  const config = readConfig({
    PORT: String(await freePort()),
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    REGULARS_SECRET: Buffer.alloc(32, 7).toString('base64'),
  });
  const logged: string[] = [];
  const log = openLog({ write: (line: string) => void logged.push(line.slice(0, 500)) });
  log.level = 'warn';
  const [demo, browser] = await Promise.all([startDemo(config, log, anyPorts), openBrowser()]);
  const manage = await manageAt({ url: demo.places.server, machine: demo.machine });
  return {
    ...demo,
    browser,
    manage,
    logged,
    async close() {
      await browser.close();
      await demo.stop();
      await database.drop();
    },
  };
}

/** To a shop's sign-in page; with `acr` where the shop asks for so much proof. */
export async function knock(
  page: Page,
  meridian: Meridian,
  shop: BrandSlug = 'lumiere',
  { acr }: { acr?: string } = {},
): Promise<void> {
  const asked = acr === undefined ? '' : `?${new URLSearchParams({ acr_values: acr })}`;
  await page.goto(`${meridian.places.shops[shop]}/sign-in${asked}`);
}

/** Waits until the browser is back in the shop and signed in; gives the customer's `user_id`. */
export async function arrive(page: Page, meridian: Meridian, shop: BrandSlug = 'lumiere'): Promise<string> {
  const isThere = (url: URL) => url.origin === meridian.places.shops[shop] && url.pathname === '/';
  await page.waitForURL(isThere).catch(async () => {
    const text = await page.locator('body').innerText();
    assert.fail(`not in the shop but at ${page.url()}: ${text}\n${meridian.logged.join('\n')}`);
  });
  await page.locator('#sign-out').waitFor();
  return (await page.locator('[data-claim=sub]').textContent()) ?? '';
}

/** Chooses to be this person at the network's pages, and agrees to what is asked unless that was done `before`. */
export async function beAtNetwork(
  page: Page,
  meridian: Meridian,
  network: NetworkName,
  name: string,
  before = false,
): Promise<void> {
  await page.waitForURL((url) => url.origin === meridian.places.networks[network]);
  await page.getByRole('button', { name }).click();
  if (!before) await page.locator('#agree').click();
}

/** The newest mail's code, read on the outbox page as a person would. */
export async function readCode(context: BrowserContext, meridian: Meridian): Promise<string> {
  return (await readMail(context, meridian)).match(/^\s*(\d{6})\s*$/m)?.[1] ?? assert.fail('no code in the mail');
}

/** The newest mail's link. */
export async function readLink(context: BrowserContext, meridian: Meridian): Promise<string> {
  return (
    (await readMail(context, meridian)).match(/https?:\S+ticket=[\w-]+/)?.[0] ?? assert.fail('no link in the mail')
  );
}

async function readMail(context: BrowserContext, meridian: Meridian): Promise<string> {
  const page = await context.newPage();
  await page.goto(meridian.places.outbox);
  const lines = await page.locator('#text p').allTextContents();
  await page.close();
  return lines.join('\n');
}

/** Counts what a person does on every page of this browser but the shops': clicks (and taps), keys pressed. */
export async function countInput(
  context: BrowserContext,
  meridian: Meridian,
): Promise<{ clicks: number; keys: number }> {
  const counted = { clicks: 0, keys: 0 };
  const shops: string[] = Object.values(meridian.places.shops);
  await context.exposeBinding('tellInput', ({ frame }, kind: 'clicks' | 'keys') => {
    if (!shops.includes(new URL(frame.url()).origin)) counted[kind] += 1;
  });
  await context.addInitScript(`
    for (const [event, kind] of [['pointerdown', 'clicks'], ['keydown', 'keys']])
      addEventListener(event, (e) => e.isTrusted && tellInput(kind), { capture: true });
  `);
  return counted;
}

/** One of `/users/{id}/facts`. */
export type ToldFact = { path: string; value: unknown; source: string; origin: string; wins: boolean };

export function toFacts(items: unknown): ToldFact[] {
  assert.ok(Array.isArray(items));
  return items;
}
