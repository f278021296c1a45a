import { randomBytes } from 'node:crypto';
import type { Base } from '../server/base/base.ts';
import { openVault } from '../server/base/crypto.ts';
import { openSettings } from '../server/base/settings.ts';
import { testDatabase } from './database.ts';

/** What most features need of the base, on a fresh database. */
export type TestGround = Pick<Base, 'db' | 'pool' | 'settings' | 'vault'> & { url: string; close(): Promise<void> };

/** Opens it for one test file: `const ground = await testGround(); after(() => ground.close());` */
export async function testGround(): Promise<TestGround> {
  const database = await testDatabase();
  const settings = await openSettings(database.db, database.url, (fault) => {
    throw fault;
  });
  return {
    db: database.db,
    pool: database.pool,
    url: database.url,
    settings,
    vault: openVault([randomBytes(32)]),
    async close() {
      await settings.close();
      await database.close();
    },
  };
}
