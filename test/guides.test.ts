// The guides' commands do what they say, as they are written: one after another, as a reader types them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTestServer, type TestServer } from './server.ts';

const guides = new URL('../docs/guides/', import.meta.url);
const curl = fileURLToPath(new URL('./guide-curl.ts', import.meta.url));
const run = promisify(execFile);
let server: TestServer;
let folder: string;
before(async () => {
  server = await startTestServer();
  folder = await mkdtemp(join(tmpdir(), 'guides-'));
});
after(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a reader knows by now, by the guides' names. */
const known: Record<string, string> = {};
/** From which answers they know it: the first object that has this property is the one whose id is meant. */
const learned = {
  CLIENT_ID: 'callbacks',
  CONNECTION: 'strategy',
  CONSENT: 'purpose',
  ACTION: 'supported_triggers',
  RULE: 'stage',
  QUESTION: 'content_version',
} as const;
const order = [
  'connect-a-portal',
  'use-the-management-api',
  'add-a-social-network',
  'consents',
  'enrich-profiles',
  'ask-the-right-question',
  'mails',
  'strong-passwords',
  'second-factors-and-passkeys',
  'passwordless-and-auth0-api',
  'search-customers',
  'actions',
  'write-a-rule',
  'audit',
  'roles-and-what-each-sees',
  'a-customers-rights',
];

test('every guide with commands is followed', async () => {
  const all = await readdir(guides);
  const withCommands = [];
  for (const guide of all) if ((await commandsOf(guide.replace('.md', ''))).length > 0) withCommands.push(guide);
  assert.deepEqual(withCommands.sort(), order.map((guide) => `${guide}.md`).sort());
});

for (const guide of order) {
  test(`${guide}: its commands do what it says`, async () => {
    if (guide === 'connect-a-portal') Object.assign(known, { ID: server.machine.id, SECRET: server.machine.secret });
    for (const commands of await commandsOf(guide)) {
      // A reader fills in the address of their own server.
      for (const answer of await type(commands.replace(/^URL=.*$/m, `URL=${server.url}`))) learn(answer);
    }
    if (guide === 'connect-a-portal') Object.assign(known, await newCustomerAndMachine());
  });
}

async function commandsOf(guide: string): Promise<string[]> {
  const text = await readFile(new URL(`${guide}.md`, guides), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.filter((block) => /\bcurl /.test(block));
}

/** Types it into a shell that keeps its variables. @returns the JSON objects that were answered */
async function type(commands: string): Promise<Record<string, unknown>[]> {
  const filled = commands.replaceAll(/<client_id[^>]*>/g, known.CLIENT_ID ?? '');
  const program = `set -euo pipefail
    curl() { node "${curl}" "$@" && echo; }
    ${filled}
    printf '{"URL": "%s", "TOKEN": "%s"}\n' "$URL" "$TOKEN"`;
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, ...known };
  const { stdout } = await run('bash', ['-c', program], { cwd: folder, env });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  const answers: Record<string, unknown>[] = lines.map((line) => JSON.parse(line));
  const { URL: url, TOKEN: token } = answers.pop() ?? {};
  Object.assign(known, { URL: url, TOKEN: token });
  return answers;
}

function learn(answer: Record<string, unknown>): void {
  for (const [name, property] of Object.entries(learned)) {
    const id = answer.client_id !== undefined && name === 'CLIENT_ID' ? answer.client_id : answer.id;
    if (property in answer && typeof id === 'string') known[name] ??= id;
  }
}

/** What a reader has whom the guides do not tell how to make it. */
async function newCustomerAndMachine(): Promise<Record<'USER_ID' | 'GRANT', string>> {
  const call = 'curl -s -H "authorization: Bearer $TOKEN" -H "content-type: application/json" $URL/api/v2';
  const customer = {
    connection: 'Username-Password-Authentication',
    email: 'reader@example.com',
    password: 'as readers type',
  };
  const machine = { name: 'Till', app_type: 'non_interactive' };
  const [made, till] = await type(`${call}/users -d '${JSON.stringify(customer)}'
    ${call}/clients -d '${JSON.stringify(machine)}'`);
  const grant = { client_id: till?.client_id, audience: `${server.url}/api/v2/`, scope: ['read:users'] };
  const [granted] = await type(`${call}/client-grants -d '${JSON.stringify(grant)}'`);
  assert.ok(made && granted);
  return { USER_ID: String(made.user_id), GRANT: String(granted.id) };
}
