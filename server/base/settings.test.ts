import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '../../test/database.ts';
import { openDatabase } from './db.ts';
import { openNotifications } from './notifications.ts';
import { openSettings } from './settings.ts';

const place = await createTestDatabase();
const database = openDatabase(place.url);
after(async () => {
  await database.close();
  await place.drop();
});

test('a hundred changes are followed by two looks, the one on its way and the next, and the last change is seen', async () => {
  await using cleanUp = new AsyncDisposableStack();
  const notifications = await openNotifications(place.url);
  cleanUp.defer(() => notifications.close());
  let looks = 0;
  let gate = Promise.resolve();
  const db = database.db.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      looks += 1;
      await gate;
      return result;
    },
  });
  const settings = await openSettings(db, notifications, (fault) => assert.fail(String(fault)));
  cleanUp.defer(() => settings.close());
  let heard = 0;
  await notifications.listen('heard', () => {
    heard += 1;
  });
  const { promise: open, resolve: release } = Promise.withResolvers<void>();
  gate = open;
  looks = 0;
  assert.equal(await settings.remember('one', async () => 'before'), 'before');
  await settings.changed(database.db);
  while (looks === 0) await sleep(5);
  for (let one = 1; one < 100; one += 1) await settings.changed(database.db);
  await database.pool.query('notify heard');
  while (heard === 0) await sleep(5);
  assert.equal(looks, 1);
  let forgotten = 0;
  settings.onChange(() => {
    forgotten += 1;
  });
  release();
  for (let tries = 0; forgotten < 2 && tries < 400; tries += 1) await sleep(5);
  assert.equal(forgotten, 2);
  assert.equal(await settings.remember('one', async () => 'after'), 'after');
  assert.ok(looks <= 3, `${looks} looks`);
});
