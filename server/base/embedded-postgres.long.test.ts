import { test } from 'node:test';
import { assertRows, dataFolder, startQuietly, writeAndKill } from '../../test/embedded-killing.ts';

test('20 times kill -9 at any moment: nothing acknowledged is lost', async () => {
  await using folder = await dataFolder();
  const all: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const bystander = round % 2 > 0 ? await startQuietly(folder.path) : undefined;
    const wish = { rows: 1, ms: Math.floor(Math.random() * 1500), database: round % 3 > 0 };
    all.push(...(await writeAndKill(folder.path, wish)).acknowledged);
    const next = await startQuietly(folder.path);
    await assertRows(next.url, all);
    await Promise.all([next.stop(), bystander?.stop()]);
  }
});
