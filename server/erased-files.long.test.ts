import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pino } from 'pino';
import { freeFolder } from '../test/command-line.ts';
import { findPlanted } from '../test/find-planted.ts';
import { readConfig } from './base/config.ts';
import { openGround } from './base/ground.ts';
import { cleanOutbox } from './base/outbox.ts';
import { erasures } from './customer-data.ts';
import {
  askErasure,
  createAccount,
  eraseDue,
  signInWithPassword,
  writeErasureDays,
} from './features/accounts/accounts.ts';
import { defaultBrand } from './features/brands/brands.ts';
import { learn } from './features/customers/customers.ts';
import { endSessions } from './surfaces/oidc/oidc.ts';

/** Files below a folder that hold this text. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if ((await stat(path)).isFile() && (await readFile(path)).includes(text)) found.push(name);
  }
  return found;
}

test('an erased customer is in no file of the data folder, but for the log of writes, which runs out', async () => {
  const mark = `planted-${randomBytes(6).toString('hex')}`;
  await using place = await freeFolder();
  const folder = place.path;
  const config = readConfig({ REGULARS_DATA: folder });
  const ground = await openGround(config, pino({ level: 'silent' }));
  const { base } = ground;
  try {
    const asked = { brand: await defaultBrand(base), language: 'en', ip: '192.0.2.1' } as const;
    const email = `${mark}@example.com`;
    const account = { connection: 'store', email, password: 'correct horse battery', emailVerified: true };
    const { customer, subject } = await createAccount(base, base.db, { ...account, facts: [], origin: 'test' });
    const at = new Date();
    await learn(base.db, subject, [{ path: 'given_name', value: mark, source: 'customer', origin: 'test', at }]);
    const door = { connection: 'store', identifier: email, asked };
    await assert.rejects(signInWithPassword(base, { ...door, password: 'not it' }));
    await base.pool.query('checkpoint');
    assert.ok(
      (await filesWith(folder, mark)).some((name) => name.includes('base')),
      'it was planted',
    );

    await writeErasureDays(base.db, 0);
    await askErasure(base, { customer: customer.id, subject, asked, endSessions });
    await eraseDue(base, { endSessions, others: erasures });
    await cleanOutbox(base.db);
    assert.deepEqual(await findPlanted(base.db, mark), []);
    // What PostgreSQL does by itself in time: dead rows make room, and go when their page is written anew.
    await base.pool.query('vacuum full');
    await base.pool.query('checkpoint');
  } finally {
    await ground.close();
  }
  const left = (await filesWith(folder, mark)).filter((name) => !name.includes('pg_wal'));
  assert.deepEqual(left, []);
});
