import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { type Base, openBase } from '../server/base/base.ts';
import { type Config, readConfig } from '../server/base/config.ts';
import { createTestDatabase } from './database.ts';

/** A whole base on a fresh database, for one test file: `const base = await testBase(); after(() => base.close());` */
export async function testBase(config: Partial<Config> = {}, secret = randomBytes(32)): Promise<Base> {
  const { url, drop } = await createTestDatabase();
  const base = await openBase({
    config: { ...readConfig({}), ...config },
    log: pino({ level: 'silent' }),
    databaseUrl: url,
    directUrl: url,
    secrets: [secret],
  });
  return {
    ...base,
    async close() {
      await base.close();
      await drop();
    },
  };
}
