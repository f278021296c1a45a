import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { withEmptyDatabase } from '../../test/database.ts';
import { readConfig } from './config.ts';
import { openGround } from './ground.ts';
import { openLog } from './log.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import { openSecrets } from './secret.ts';

const folder = await mkdtemp(join(tmpdir(), 'regulars-ground-'));
after(() => rm(folder, { recursive: true }));

test('the key in the data folder is made once, for its owner only', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => openSecrets({ dataFolder: folder })));
  for (const [key] of all) assert.deepEqual(key, all[0]?.[0]);
  assert.deepEqual(await readdir(folder), ['secret']);
  assert.equal((await stat(join(folder, 'secret'))).mode & 0o777, 0o600);
  await writeFile(join(folder, 'secret'), 'broken');
  await assert.rejects(openSecrets({ dataFolder: folder }), /^Error: REGULARS_SECRET must be restored: [^\n]+\.$/);
});

test('migrations run once, whoever comes; one that was changed afterwards stops', async () => {
  await withEmptyDatabase(async (url) => {
    const pool = new pg.Pool({ connectionString: url });
    try {
      await assert.rejects(pendingMigrations(pool), 'there is nothing to ask yet');
      const ran = await Promise.all([migrate(url), migrate(url), migrate(url)]);
      const counts = ran.map((names) => names.length).sort((a, b) => a - b);
      assert.deepEqual(counts.slice(0, 2), [0, 0], 'one did it all');
      assert.deepEqual(await pendingMigrations(pool), []);
      const first = ran.flat()[0] ?? '';
      await pool.query('delete from migrations where name = $1', [first]);
      assert.deepEqual(await pendingMigrations(pool), [first]);
      await pool.query("insert into migrations values ($1, 'other', now())", [first]);
      await assert.rejects(migrate(url), new RegExp(`Migration ${first} was changed after it ran`));
    } finally {
      await pool.end();
    }
  });
});

test('a changed REGULARS_URL is allowed, and told once', async () => {
  await withEmptyDatabase(async (url) => {
    const lines: string[] = [];
    const log = openLog({ write: (line: string) => void lines.push(line) });
    const secret = randomBytes(32).toString('base64');
    for (const name of ['one', 'two', 'two']) {
      const config = readConfig({
        DATABASE_URL: url,
        REGULARS_SECRET: secret,
        REGULARS_URL: `https://${name}.example.com`,
      });
      const ground = await openGround(config, log);
      await ground.close();
    }
    const warnings = lines.filter((line) => line.includes('"warn"'));
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? '',
      /the issuer was https:\/\/one\.example\.com\/ and is now https:\/\/two\.example\.com\//,
    );
  });
});
