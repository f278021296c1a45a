import { randomBytes } from 'node:crypto';
import type { Base } from '../server/base/base.ts';
import { readConfig } from '../server/base/config.ts';
import { type Logger, openLog } from '../server/base/log.ts';
import { startServer } from '../server/start.ts';
import { createTestDatabase } from './database.ts';
import { freePort } from './free-port.ts';

export type TestServer = {
  /** `http://localhost:<port>`, also the issuer without its slash. */
  readonly url: string;
  readonly base: Base;
  readonly databaseUrl: string;
  /** The first machine client, with every scope of the Management API. */
  readonly machine: { readonly id: string; readonly secret: string };
  /** Lines that were logged so far. */
  readonly logged: readonly string[];
  stop(): Promise<void>;
};

/**
 * The whole server as it is started for real, on a fresh database and a free port.
 *
 * @param variables of the environment, over those a test needs
 */
export async function startTestServer(
  variables: Record<string, string> = {},
  shared?: { databaseUrl: string; secret: string; port?: number },
): Promise<TestServer> {
  const made = shared ? undefined : await createTestDatabase();
  const databaseUrl = shared?.databaseUrl ?? made?.url ?? '';
  const port = shared?.port ?? (await freePort());
  const machine = { id: 'test-machine', secret: 'secret-of-the-test-machine' };
  const config = readConfig({
    PORT: String(port),
    HOST: '127.0.0.1',
    REGULARS_URL: `http://localhost:${port}`,
    DATABASE_URL: databaseUrl,
    REGULARS_SECRET: shared?.secret ?? randomBytes(32).toString('base64'),
    REGULARS_MANAGEMENT_CLIENT_ID: machine.id,
    REGULARS_MANAGEMENT_CLIENT_SECRET: machine.secret,
    ...variables,
  });
  const logged: string[] = [];
  const server = await startServer(config, logInto(logged), { consoleAtStart: false });
  return {
    url: config.url,
    base: server.base,
    databaseUrl,
    machine,
    logged,
    async stop() {
      await server.stop();
      await made?.drop();
    },
  };
}

function logInto(lines: string[]): Logger {
  return openLog({ write: (line: string) => void lines.push(line) });
}
