// The page that waits for the console to be built, in Chromium.
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { uuid } from '../../server/base/ids.ts';
import { openLog } from '../../server/base/log.ts';
import { registerConsole } from '../../server/surfaces/console/console.ts';
import { assertAccessible, openBrowser, visitor } from '../browser.ts';
import { consoleVariables } from '../console-visitor.ts';
import { assertQuiet, complaintsOf } from '../staff-page.ts';

const log = openLog();
log.level = 'silent';

async function consoleIn(dataFolder: string) {
  const app = fastify();
  registerConsole(app, { log, config: { dataFolder } }, { atStart: false });
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

test('who comes before the console is built is told how far it is, and led on without the page being torn away', async () => {
  const { app, url } = await consoleIn(consoleVariables.REGULARS_DATA);
  const browser = await openBrowser();
  const { page } = await visitor(browser);
  const complaints = complaintsOf(page);
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });
  // However long it is looked at: the build may be there already.
  const seen = Promise.withResolvers<void>();
  await page.route('**/console/customers*', async (route) => {
    if (route.request().resourceType() === 'fetch') await seen.promise;
    await route.continue();
  });
  await page.goto(`${url}/console/customers?search=sofia`);
  await page.getByRole('heading', { level: 1, name: 'The console is being built' }).waitFor();
  await assertAccessible(page);
  seen.resolve();
  await page.locator('#root').waitFor({ state: 'attached', timeout: 120_000 });
  assert.equal(new URL(page.url()).search, '?search=sofia');
  await page.waitForLoadState('load');
  assert.equal(loads, 2, 'loaded anew once: when there was something to see');
  assertQuiet(complaints);

  const { page: plain } = await visitor(browser, { javaScriptEnabled: false });
  const folder = join(tmpdir(), uuid());
  await writeFile(folder, 'no folder to build in');
  const broken = await consoleIn(folder);
  await plain.goto(`${broken.url}/console`);
  const failed = plain.getByRole('heading', { level: 1, name: 'The console could not be built' });
  for (let looks = 0; looks < 50 && !(await failed.isVisible()); looks += 1) {
    await sleep(200);
    await plain.getByRole('link', { name: 'Look again' }).click();
  }
  await failed.waitFor();
  await browser.close();
  await Promise.all([app.close(), broken.app.close(), rm(folder)]);
});
