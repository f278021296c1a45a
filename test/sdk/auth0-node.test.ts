import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import { startTestServer, type TestServer } from '../server.ts';

const run = promisify(execFile);
let server: TestServer;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regulars-tls-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
  ]);
  const port = await freePort();
  server = await startTestServer({
    PORT: String(port),
    REGULARS_URL: `https://localhost:${port}`,
    REGULARS_TLS_CERT: cert,
    REGULARS_TLS_KEY: key,
  });
});

after(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

test('the auth0 library for Node manages users, signs in, refreshes and revokes over HTTPS', async () => {
  const program = new URL('./auth0-node.program.ts', import.meta.url).pathname;
  const domain = new URL(server.url).host;
  await run(process.execPath, [program, domain, server.machine.id, server.machine.secret], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') },
    timeout: 60_000,
  });
});
