import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from '../../../test/http-browser.ts';
import { askLive, contentOf, pauseFor } from '../../../test/questions.ts';
import { openWorld, signUp } from '../../../test/sign-in-world.ts';
import { createAttribute, updateAttribute } from '../../features/customers/customers.ts';

const world = await openWorld();
const { base } = world;
after(() => world.close());
await pauseFor(base, 0);

const path = 'app_metadata.size';
const password = 'correct horse battery';
const isAsked = ({ url }: Page) => url.pathname.endsWith('/question');

test('security row 17: what the umbrella takes back is asked no more, and an open page writes it no more', async () => {
  await createAttribute(base.db, { path, type: 'text', askable: true }, new Date());
  const field = { type: 'text', key: 'size', labels: { en: 'Size?' }, path };
  const color = { type: 'text', key: 'color', labels: { en: 'Color?' }, path: 'user_metadata.color' };
  await askLive(base, { name: 'Size', content: contentOf([field, color]) });
  const [first, second, third] = [world.browser(), world.browser(), world.browser()];
  const written = await signUp(world, first, 'first@example.com', password);
  assert.ok(isAsked(written));
  await first.submit(written, 'question', { 'field.size': 'M', 'field.color': 'red' });
  const open = await signUp(world, second, 'second@example.com', password);

  await updateAttribute(base.db, path, { askable: false }, new Date());
  await base.settings.refresh();
  await second.submit(open, 'question', { 'field.size': 'L', 'field.color': 'blue' });
  const later = await signUp(world, third, 'third@example.com', password);
  assert.match(later.text, /Color\?/);
  assert.doesNotMatch(later.text, /Size\?/);

  const values = async (email: string) => {
    const { app_metadata, user_metadata } = await world.customer(email);
    return { ...app_metadata, ...user_metadata };
  };
  assert.deepEqual(await values('first@example.com'), { size: 'M', color: 'red' });
  assert.deepEqual(await values('second@example.com'), { color: 'blue' });
});
