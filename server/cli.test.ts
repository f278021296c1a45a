import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { z } from 'zod';
import { freeFolder, runProgram } from '../test/command-line.ts';
import { startTestServer } from '../test/server.ts';
import { fingerprintOf, openVault } from './base/crypto.ts';
import { queueMail } from './base/mail.ts';
import { sealedColumns } from './keys.ts';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const server = await startTestServer({ REGULARS_SECRET: oldKey.toString('base64') });
after(() => server.stop());
const { base } = server;

/** Runs a command on the server's database. */
function regulars(words: readonly string[], secret = oldKey.toString('base64')) {
  const variables = { DATABASE_URL: server.databaseUrl, REGULARS_SECRET: secret };
  return runProgram(words, { ...variables, REGULARS_URL: server.url });
}

test('wrong settings and unknown commands: one sentence, code 2, nothing touched', async () => {
  await using folder = await freeFolder();
  const wrong: [string[], Record<string, string>, RegExp][] = [
    [['start'], { PORT: 'x' }, /^PORT must /],
    [['start'], { REGULARS_DATABASE: 'x' }, /^REGULARS_DATABASE is not a setting /],
    [['migrate'], { REGULARS_SECRET: 'x' }, /^REGULARS_SECRET must /],
    [['demo'], { METRICS_PORT: 'x' }, /^METRICS_PORT must /],
    [['outbox', 'x'], {}, /^outbox takes a number /],
    [['keys'], {}, /^keys must be told /],
    [['staff'], {}, /^staff must be told /],
    [['data', 'income'], {}, /^data must be told /],
    [['fly'], {}, /^There is no command "fly"/],
  ];
  for (const [words, variables, sentence] of wrong) {
    const { code, stdout, stderr } = await runProgram(words, { REGULARS_DATA: folder.path, ...variables });
    assert.equal(code, 2, words.join(' '));
    assert.match(stderr, sentence);
    assert.match(stderr, /^[^\n]+\.\n$|those there are\.\n$/);
    assert.equal(stdout, '');
  }
  assert.equal(existsSync(folder.path), false);
});

test('help names every command', async () => {
  const { code, stdout } = await runProgram(['help'], {});
  assert.equal(code, 0);
  for (const name of [
    'start',
    'migrate',
    'demo',
    'outbox',
    'keys rotate',
    'keys rewrap',
    'staff link',
    'data income',
    'help',
  ]) {
    assert.ok(stdout.includes(name), name);
  }
});

test('migrate brings nothing to a database that is up to date', async () => {
  assert.deepEqual(await regulars(['migrate']), { code: 0, stdout: 'The database is ready.\n', stderr: '' });
});

test('outbox shows the newest mails first, harmless to a terminal', async () => {
  assert.match((await regulars(['outbox'])).stdout, /^No mail/);
  const brand = { id: null, name: 'Lumière', mail_from: null, mail_reply_to: null };
  for (const subject of ['first', 'second', 'third\u001b[2J']) {
    const text = `Your code is 123456.\nYours, ${subject}`;
    await queueMail(base, base.db, {
      brand,
      kind: 'test',
      to: 'a@example.com',
      subject,
      text,
      html: '',
      language: 'en',
    });
  }
  const { code, stdout } = await regulars(['outbox', '2']);
  assert.equal(code, 0);
  assert.ok(stdout.indexOf('Subject: third') < stdout.indexOf('Subject: second'), stdout);
  assert.ok(!stdout.includes('Subject: first'));
  assert.ok(stdout.includes('  Your code is 123456.\n') && stdout.includes('To: a@example.com'));
  assert.ok(!stdout.includes('\u001b'));
});

test('staff link makes a link that is good until the next one', async () => {
  const link = /\n {2}(http:\S+\/staff\/administrator\?ticket=[\w-]{43})\n/;
  const [one, two] = [await regulars(['staff', 'link']), await regulars(['staff', 'link'])];
  const [first = '', second = ''] = [one, two].map(({ stdout }) => link.exec(stdout)?.[1]);
  assert.ok(first && second && first !== second, one.stdout + one.stderr);
  assert.equal((await fetch(first)).status, 400);
  assert.equal((await fetch(second)).status, 200);
});

test('keys rotate: the next key signs when it has been published for a day, or --now', async () => {
  const keys = async (): Promise<string[]> => {
    const answer = await fetch(`${server.url}/.well-known/jwks.json`);
    return z
      .object({ keys: z.array(z.object({ kid: z.string() })) })
      .parse(await answer.json())
      .keys.map(({ kid }) => kid);
  };
  const [current, next] = await keys();
  assert.match((await regulars(['keys', 'rotate'])).stdout, /^The next key will sign from \d{4}-/);
  assert.match((await regulars(['keys', 'rotate', '--now'])).stdout, /^The next key signs from now on/);
  await base.settings.refresh();
  const after = await keys();
  assert.equal(after[0], next);
  assert.ok(after.includes(current ?? ''), 'what it signed is still verified');
  assert.equal((await regulars(['keys', 'revoke', current ?? ''])).code, 0);
  assert.equal((await regulars(['keys', 'revoke', 'unknown'])).code, 2);
});

test('keys rewrap: then the new secret alone is enough, and the old one alone no longer', async () => {
  const vault = openVault([oldKey]);
  const seal = (column: string) => vault.encrypt('{}', column);
  await sql`insert into connections (id, name, strategy, options, secrets, created_at, updated_at)
    values ('con_1', 'google', 'google-oauth2', '{}', ${seal('connections.secrets')}, now(), now())`.execute(base.db);
  await sql`insert into identities (subject, provider, connection, user_id, is_social, tokens, created_at, updated_at)
    select gen_random_uuid(), 'google-oauth2', 'google', n::text, true, ${seal('identities.tokens')}, now(), now()
    from generate_series(1, 1200) n`.execute(base.db);
  await sql`insert into authentication_methods (id, subject, type, data, sealed, created_at)
    values (gen_random_uuid(), gen_random_uuid(), 'totp', '{}', ${seal('authentication_methods.sealed')}, now())`.execute(
    base.db,
  );
  await sql`with person as (
      insert into staff (id, email, name, created_at, updated_at)
      values (gen_random_uuid(), 'a@umbrella.example', 'A', now(), now()) returning id
    )
    insert into staff_ways (id, staff, kind, sealed, created_at)
    select gen_random_uuid(), id, 'totp', ${seal('staff_ways.sealed')}, now() from person`.execute(base.db);

  await sql`insert into rules (id, name, place, enabled, library, settings, secrets, on_failure, version, created_at, updated_at)
    values ('rul_1', 'A', 1, false, 'a', '{}', ${seal('rules.secrets')}, 'refuse', 1, now(), now())`.execute(base.db);
  await sql`insert into rules_configs values ('KEY', ${seal('rules_configs.value')}, now())`.execute(base.db);
  await sql`with action as (
      insert into actions (id, name, trigger, code, dependencies, runtime, secrets, on_failure, built_at, created_at, updated_at)
      values (gen_random_uuid(), 'A', 'post-login', '', '[]', 'node22', ${seal('actions.secrets')}, 'refuse', now(), now(), now())
      returning id
    )
    insert into action_versions (id, action, number, code, dependencies, runtime, secrets, created_at)
    select gen_random_uuid(), id, 1, '', '[]', 'node22', ${seal('action_versions.secrets')}, now() from action`.execute(
    base.db,
  );

  const [oldText, newText] = [oldKey.toString('base64'), newKey.toString('base64')];
  const refused = await regulars(['migrate'], newText);
  assert.equal(refused.code, 2, 'nothing could be read by the new key alone');
  const done = await regulars(['keys', 'rewrap'], `${newText},${oldText}`);
  assert.match(done.stdout, /^\d+ values were encrypted anew\. The old key can be taken out/, done.stderr);

  const fresh = openVault([newKey]);
  for (const { table, column } of sealedColumns) {
    const { rows } = await sql<{ sealed: string }>`
      select ${sql.ref(column)} as sealed from ${sql.table(table)} where ${sql.ref(column)} is not null`.execute(
      base.db,
    );
    assert.ok(rows.length > 0, table);
    for (const { sealed } of rows) fresh.decrypt(sealed, `${table}.${column}`);
  }
  assert.equal((await regulars(['migrate'], newText)).code, 0);
  assert.equal((await regulars(['migrate'], oldText)).code, 2);
  assert.deepEqual(await columnsWith(`${fingerprintOf(oldKey)}.`), [], 'nothing of the old key is left');
});

/** Every text column in which a value begins so. */
async function columnsWith(prefix: string): Promise<string[]> {
  const { rows: columns } = await sql<{ name: string; column: string }>`
    select table_name as name, column_name as column from information_schema.columns
    where table_schema = 'public' and data_type = 'text' and table_name not like 'timeline_%'`.execute(base.db);
  const found: string[] = [];
  for (const { name, column } of columns) {
    const { rows } = await sql`
      select from ${sql.table(name)} where starts_with(${sql.ref(column)}, ${prefix}) limit 1`.execute(base.db);
    if (rows.length > 0) found.push(`${name}.${column}`);
  }
  return found;
}
