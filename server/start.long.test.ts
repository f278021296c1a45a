import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { test } from 'node:test';
import { startProgram, untilReady } from '../test/command-line.ts';
import { withEmptyDatabase } from '../test/database.ts';
import { freePort } from '../test/free-port.ts';

test('a request that never ends is cut off 10 s after SIGTERM', async () => {
  await withEmptyDatabase(async (databaseUrl) => {
    const port = await freePort();
    const secret = randomBytes(32).toString('base64');
    await using program = startProgram(['start'], {
      DATABASE_URL: databaseUrl,
      REGULARS_SECRET: secret,
      PORT: String(port),
    });
    await untilReady(`http://localhost:${port}`, program);
    const headers = { 'content-type': 'application/json', 'content-length': 100 };
    const sending = request(`http://localhost:${port}/oauth/token`, { method: 'POST', headers });
    const cut = new Promise((resolve) => sending.once('error', resolve));
    sending.write('{');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const begin = Date.now();
    program.process.kill('SIGTERM');
    await cut;
    assert.equal((await program.ended).code, 0);
    const seconds = (Date.now() - begin) / 1000;
    assert.ok(seconds > 9 && seconds < 14, `it took ${seconds} s`);
  });
});
