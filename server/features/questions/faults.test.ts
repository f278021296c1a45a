import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import { askLive, contentOf } from '../../../test/questions.ts';
import { getQuestion } from './questions.ts';
import { writeFault } from './questions-store.ts';

const base = await testBase();
after(() => base.close());

test('the same fault is written once a minute at most, another one at once', async () => {
  const field = { type: 'text', key: 'f', labels: { en: 'x' }, path: 'user_metadata.f' };
  const id = await askLive(base, { name: 'One', content: contentOf([field]) });
  const first = new Date('2026-06-01T12:00:00Z');
  const after = (seconds: number) => new Date(first.getTime() + seconds * 1000);
  const told = async (fault: string, at: Date) => {
    await writeFault(base.db, id, fault, at);
    return (await getQuestion(base.db, id)).fault_at;
  };
  assert.deepEqual(await told('It fails.', first), first);
  assert.deepEqual(await told('It fails.', after(59)), first);
  assert.deepEqual(await told('It fails otherwise.', after(59)), after(59));
  assert.deepEqual(await told('It fails otherwise.', after(119)), after(119));
});
