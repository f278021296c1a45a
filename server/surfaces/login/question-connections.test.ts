import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { openQuestionScene } from '../../../test/question-scene.ts';
import { contentOf } from '../../../test/questions.ts';
import { signUp } from '../../../test/sign-in-world.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { openDatabase } from '../../base/db.ts';
import type { Settings } from '../../base/settings.ts';
import { readAsks } from '../../features/questions/questions.ts';
import { embeddedQuestion } from './embedded-question.ts';
import { portalAndBrand } from './page-visit.ts';

const { world, base, ask } = await openQuestionScene();
after(() => world.close());

test('who is held while it is decided what they are asked takes one connection, and waits for no other', async () => {
  const email = 'one@example.com';
  await signUp(world, world.browser(), email, 'correct horse battery');
  const customer = await world.customer(email);
  const fields = [{ type: 'text', key: 'job', labels: { en: 'Your job?' }, path: 'user_metadata.job' }];
  const when = { attribute: 'brand', is: 'equals', value: 'lumiere' };
  await ask({ name: 'Job', content: contentOf(fields, { place: 'embedded', when }) });
  const place = await portalAndBrand(base, portalIds.lumiere);
  const coming = { ...place, language: 'en', ip: '127.0.0.1', userAgent: '', at: now() } as const;

  const single = openDatabase(base.pool.options.connectionString ?? '', 1);
  let looks = 0;
  // As if the settings had just changed and somebody else were reading them already, who waits for a connection, too.
  const remember: Settings['remember'] = (key, load) => {
    looks += 1;
    return base.settings.remember(`${key} ${looks}`, async () => {
      await sql`select`.execute(single.db);
      return load();
    });
  };
  const narrow: Base = { ...base, db: single.db, pool: single.pool, settings: { ...base.settings, remember } };
  try {
    const atOnce = Array.from({ length: 20 }, () => embeddedQuestion(narrow, coming, customer));
    const shown = await Promise.all(atOnce);
    assert.ok(shown.every((one) => one?.heading === 'One question'));
    assert.equal((await readAsks(base.db, customer.id, { limit: 10, offset: 0 })).length, 1, 'once, whoever was first');
  } finally {
    await single.close();
  }
});
