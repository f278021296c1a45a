import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { freeFolder, runProgram, startProgram, untilReady } from '../test/command-line.ts';
import { withEmptyDatabase } from '../test/database.ts';
import { freePort } from '../test/free-port.ts';
import { startTestServer } from '../test/server.ts';

const secret = randomBytes(32).toString('base64');

test('two servers that start at once on an empty database both come up, and share what they make', async () => {
  await withEmptyDatabase(async (databaseUrl) => {
    const servers = await Promise.all([
      startTestServer({}, { databaseUrl, secret }),
      startTestServer({}, { databaseUrl, secret }),
    ]);
    try {
      for (const { url } of servers) assert.equal((await fetch(`${url}/readyz`)).status, 200);
      const sets = await Promise.all(
        servers.map(async ({ url }) => (await fetch(`${url}/.well-known/jwks.json`)).json()),
      );
      assert.deepEqual(sets[0], sets[1], 'the same signing keys');
      const { rows } = await servers[0].base.pool.query('select 1 from portals');
      assert.equal(rows.length, 1, 'one first machine client');
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  });
});

test('a server with another secret stops with one sentence and code 2; so does one on a closed port', async () => {
  await withEmptyDatabase(async (databaseUrl) => {
    const port = await freePort();
    const server = await startTestServer({}, { databaseUrl, secret, port });
    try {
      const other = { DATABASE_URL: databaseUrl, REGULARS_SECRET: randomBytes(32).toString('base64') };
      const refused = await runProgram(['start'], { ...other, PORT: String(await freePort()) });
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /^REGULARS_SECRET must contain the key [^\n]+\.\n$/);

      const busy = await runProgram(['start'], { ...other, REGULARS_SECRET: secret, PORT: String(port) });
      assert.equal(busy.code, 2);
      assert.match(busy.stderr, /^PORT must be a free port, but \d+ is in use\.\n$/);
    } finally {
      await server.stop();
    }
  });
});

test('a database that does not answer, or a user that it does not know, is one sentence and code 2', async () => {
  const port = await freePort();
  const wrong = await runProgram(['start'], {
    DATABASE_URL: `postgresql://nobody:p4ssw0rd@127.0.0.1:${port}/nothing`,
    REGULARS_SECRET: secret,
  });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^DATABASE_URL must be a database that answers: [^\n]+\.\n$/);
  assert.ok(!wrong.stderr.includes('p4ssw0rd'));
});

test('on SIGTERM the request in flight is answered, new ones are refused, and the embedded database stops', async () => {
  await using folder = await freeFolder();
  await mkdir(folder.path, { recursive: true });
  await chmod(dirname(folder.path), 0o711);
  const port = await freePort();
  const variables = { REGULARS_DATA: folder.path, PORT: String(port) };
  const url = `http://localhost:${port}`;
  await using first = startProgram(['start'], variables);
  await untilReady(url, first);

  // The second half of the body comes after the signal.
  const body = 'grant_type=client_credentials&client_id=nobody&client_secret=nothing';
  const agent = new Agent({ keepAlive: true });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    const sending = request(`${url}/oauth/token`, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length },
    });
    sending.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.once('error', reject);
    sending.write(body.slice(0, 20));
    setTimeout(() => first.process.kill('SIGTERM'), 300);
    setTimeout(() => sending.end(body.slice(20)), 1500);
  });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal(await accepts(port), false, 'it listens no more');
  const status = (await answered) ?? 0;
  assert.ok(status >= 400 && status < 500, `its own answer, not ${status}`);
  const ended = await first.ended;
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /Stopped\./);
  assert.equal(existsSync(join(folder.path, 'postgres', 'cluster', 'postmaster.pid')), false, 'PostgreSQL stopped');
  agent.destroy();

  await using second = startProgram(['start'], variables);
  await untilReady(url, second);
  assert.ok(!second.said().includes('client_secret'), 'the machine client is shown once');
  second.process.kill('SIGINT');
  assert.equal((await second.ended).code, 0);
});

test('/metrics is on METRICS_PORT only', async () => {
  const port = await freePort();
  const server = await startTestServer({ METRICS_PORT: String(port) });
  try {
    await fetch(`${server.url}/.well-known/jwks.json`);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    assert.match(
      text,
      /regulars_request_seconds_count\{method="GET",route="\/\.well-known\/jwks\.json",status="200"\} \d/,
    );
    assert.match(text, /regulars_database_connections\{state="idle"\} \d/);
    assert.match(text, /regulars_password_hashes\{state="waiting"\} 0/);
    assert.match(text, /process_cpu_seconds_total/);
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 404);
    assert.equal((await fetch(`${server.url}/metrics`)).status, 404);
  } finally {
    await server.stop();
  }
});

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
