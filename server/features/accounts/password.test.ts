import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accountScene, type Scene } from '../../../test/account-scene.ts';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { writeOutgoingHosts } from '../../base/outgoing-hosts.ts';
import { createConnection } from '../connections/connections.ts';
import {
  acceptPassword,
  changePassword,
  completeReset,
  createAccount,
  startReset,
  writeBreachedPasswords,
} from './accounts.ts';

let base: Base;
let scene: Scene;
const data = await mkdtemp(join(tmpdir(), 'regulars-passwords-'));
before(async () => {
  base = await testBase({ dataFolder: data });
  scene = await accountScene(base);
});
after(async () => {
  await base.close();
  await rm(data, { recursive: true });
});

async function connection(name: string, options: JsonObject): Promise<string> {
  await createConnection(base, { name, strategy: 'auth0', options });
  await base.settings.refresh();
  return name;
}
/** Why it is refused; undefined: it is not. */
async function refusal(name: string, password: string, personal: string[] = []): Promise<unknown> {
  const wanted = { connection: name, password, address: 'jane.doe@example.com', personal };
  const error: unknown = await acceptPassword(base, wanted).then(
    () => undefined,
    (fault: unknown) => fault,
  );
  if (error === undefined) return undefined;
  assert.ok(isProblem(error, 'password_weak'), String(error));
  return error.extra.reason;
}
const breached = (value: Parameters<typeof writeBreachedPasswords>[2]) => writeBreachedPasswords(base, base.db, value);

test('how hard a password must be to guess is said in Auth0’s words, per connection', async () => {
  const personal = ['Jane', 'Doe', 'Lumière Paris'];
  // Why it is refused by: none, fair, good, excellent.
  const table: [password: string, ...refused: (string | undefined)[]][] = [
    ['password', undefined, 'common', 'common', 'common'],
    ['qwertyuiop', undefined, 'common', 'common', 'common'],
    ['janedoe99', undefined, undefined, 'words', 'words'],
    ['Lumiere2024!', undefined, undefined, undefined, 'words'],
    ['aaaaaaaaaaaa', undefined, 'repeat', 'repeat', 'repeat'],
    ['abcdefghij', undefined, 'pattern', 'pattern', 'pattern'],
    ['19870415', undefined, 'date', 'date', 'date'],
    ['janelumière', undefined, 'name', 'name', 'name'],
    ['kX9!vQ2#mL7p', undefined, undefined, undefined, undefined],
    ['correct horse battery staple', undefined, undefined, undefined, undefined],
  ];
  const names = ['none', 'fair', 'good', 'excellent'] as const;
  for (const passwordPolicy of names) await connection(`policy-${passwordPolicy}`, { passwordPolicy });
  for (const [password, ...expected] of table) {
    for (const [place, name] of names.entries()) {
      assert.equal(await refusal(`policy-${name}`, password, personal), expected[place], `${password} ${name}`);
    }
  }
});

test('length, personal words, common passwords and words of the umbrella’s own', async () => {
  const name = await connection('rules', {
    password_complexity_options: { min_length: 12 },
    password_no_personal_info: { enable: true },
    password_dictionary: { enable: true, dictionary: ['Regulars Forever'] },
  });
  assert.equal(await refusal(name, 'elevenchars'), 'short');
  assert.equal(await refusal(name, 'my name is JANE ok', ['Jane']), 'personal');
  assert.equal(await refusal(name, 'jane.doe@example.com'), 'address');
  assert.equal(await refusal(name, 'regulars forever'), 'common');
  assert.equal(await refusal(name, 'somewhat other thing', ['Jane']), undefined);
});

test('a very long or mean password is judged in time, and the server goes on meanwhile', async () => {
  await connection('mean', { passwordPolicy: 'excellent' });
  await refusal('mean', 'warming up the thread');
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await Promise.all(Array.from({ length: 3 }, (_, i) => refusal('mean', `4@8({[</369&#!1|0$57%2${i}`.repeat(11))));
  clearInterval(timer);
  assert.ok(longest < 250, `${longest} ms`);
});

test('the latest passwords are not taken again: by a change, by a mailed link; others’ never count', async () => {
  const name = await connection('history', { password_history: { enable: true, size: 3 } });
  const passwords = ['first password', 'second password', 'third password', 'fourth password'];
  const email = 'history@example.com';
  const made = { connection: name, email, emailVerified: true, facts: [], origin: 'test' };
  const { subject } = await createAccount(base, base.db, { ...made, password: passwords[0] });
  const change = (current: string, next: string) =>
    changePassword(base, { subject, current, next, asked: scene.caller(), endSessions: scene.endSessions });
  const reason = async (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error) => (isProblem(error, 'password_weak') ? error.extra.reason : error),
    );
  const [first = '', second = '', third = '', fourth = ''] = passwords;
  assert.equal(await reason(change(first, first)), 'used_before');
  await change(first, second);
  await change(second, third);
  assert.equal(await reason(change(third, first)), 'used_before');
  assert.equal(await reason(change(third, second)), 'used_before');
  const wrong = await change('not it', first).catch((error: unknown) => error);
  assert.ok(isProblem(wrong, 'wrong_credentials'), 'who does not know the present one learns nothing of earlier ones');
  await startReset(base, { connection: name, identifier: email, asked: scene.caller() });
  const { secret: ticket } = await scene.mail(email);
  const reset = (password: string) =>
    completeReset(base, { ticket, password, asked: scene.caller(), endSessions: scene.endSessions });
  assert.equal(await reason(reset(second)), 'used_before');
  await reset(fourth);
  assert.equal(await reason(change(fourth, first)), undefined, 'three are remembered, not four');
  const rows = await base.db.selectFrom('password_history').selectAll().where('subject', '=', subject).execute();
  assert.equal(rows.length, 2);
  await createAccount(base, base.db, { ...made, email: 'other@example.com', password: fourth });
});

test('a breached password is found in the operator’s files', async () => {
  const hash = createHash('sha1').update('known everywhere').digest('hex').toUpperCase();
  await mkdir(join(data, 'breached-passwords'));
  const lines = `${'0'.repeat(35)}:3\r\n${hash.slice(5)}:42\r\n`;
  await writeFile(join(data, 'breached-passwords', `${hash.slice(0, 5)}.txt`), lines);
  const name = await connection('breached', {});
  assert.equal(await refusal(name, 'known everywhere'), undefined, 'nobody asked for it');
  await breached({ source: 'folder' });
  await base.settings.refresh();
  assert.equal(await refusal(name, 'known everywhere'), 'breached');
  assert.equal(await refusal(name, 'known to nobody at all'), undefined, 'a file that is not there lets in');
});

test('a breached password is found at an address; only five digits of its hash are sent, and a silent one lets in', async () => {
  const asked: string[] = [];
  const hash = createHash('sha1').update('known out there').digest('hex').toUpperCase();
  const server = createServer((request, response) => {
    asked.push(String(request.url));
    assert.equal(request.headers['add-padding'], 'true');
    if (asked.length > 2) return; // never answers
    response.end(`${hash.slice(5)}:${asked.length === 1 ? 7 : 0}\n`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const place = server.address();
  const port = typeof place === 'object' ? place?.port : undefined;
  const address = `http://127.0.0.1:${port}/range`;
  const refused = await breached({ source: 'address', address }).catch((error: unknown) => error);
  assert.ok(isProblem(refused, 'invalid_body'), 'in the clear only to the umbrella’s own hosts');
  await writeOutgoingHosts(base.db, base.settings, [`127.0.0.1:${port}`]);
  await base.settings.refresh();
  await breached({ source: 'address', address });
  await base.settings.refresh();
  const name = await connection('asked', {});
  assert.equal(await refusal(name, 'known out there'), 'breached');
  assert.equal(await refusal(name, 'known out there'), undefined, 'padding counts for nothing');
  assert.deepEqual(asked, [`/range/${hash.slice(0, 5)}`, `/range/${hash.slice(0, 5)}`]);
  const began = performance.now();
  assert.equal(await refusal(name, 'known out there'), undefined);
  assert.ok(performance.now() - began < 5000);
  server.closeAllConnections();
  server.close();
  await breached(null);
});
