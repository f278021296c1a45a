// The server over HTTPS, and programs that trust its certificate: Auth0's libraries for servers insist on https.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import { startTestServer, type TestServer } from '../server.ts';

const run = promisify(execFile);

export type HttpsServer = {
  readonly server: TestServer;
  /** Runs a program of this folder; its arguments: host of the server, client id and secret of its first machine, and
   * the database, where the mails are. Fails unless it ends with code 0. */
  program(file: string): Promise<void>;
  close(): Promise<void>;
};

export async function httpsServer(): Promise<HttpsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-tls-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
  ]);
  const port = await freePort();
  const server = await startTestServer({
    PORT: String(port),
    REGULARS_URL: `https://localhost:${port}`,
    REGULARS_TLS_CERT: cert,
    REGULARS_TLS_KEY: key,
  });
  return {
    server,
    async program(file) {
      const path = new URL(file, import.meta.url).pathname;
      const args = [new URL(server.url).host, server.machine.id, server.machine.secret, server.databaseUrl];
      await run(process.execPath, [path, ...args], {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: cert },
        timeout: 60_000,
      });
    },
    async close() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}
