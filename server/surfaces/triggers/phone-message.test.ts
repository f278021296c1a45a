import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { bindActions } from '../../../test/actions.ts';
import { testBase } from '../../../test/base.ts';
import { carryTexts, startTextProvider, type TextProviderFake } from '../../../test/text-provider.ts';
import type { Base } from '../../base/base.ts';
import { inSeconds } from '../../base/clock.ts';
import { uuid } from '../../base/ids.ts';
import { sendText } from '../../base/send-text.ts';
import { queueText } from '../../base/text-message.ts';
import { changeBindings } from '../../features/actions/actions.ts';
import { carryByAction } from './triggers.ts';

// A message that no action has carried is not told as sent.

let base: Base;
let fake: TextProviderFake;
before(async () => {
  base = await testBase();
  fake = await startTextProvider();
});
afterEach(async () => {
  fake.received.length = 0;
  await changeBindings(base, 'send-phone-message', []);
  await carryTexts(base, undefined);
});
after(async () => {
  await base.close();
  await fake.close();
});

const does = (body: string) => `exports.onExecuteSendPhoneMessage = async (event) => { ${body} };`;
const goesOn = (body: string) => ({ code: does(body), on_failure: 'go_on' as const });
const fails = `throw new Error('no provider');`;

/** What becomes of a message, and how many the provider was handed. */
async function send() {
  const until = inSeconds(600);
  const asked = { ip: '192.0.2.1' };
  const id = await queueText(base.db, {
    ...{ brand: uuid(), channel: 'sms', to: '+491701234567', text: '123456 is your code', language: 'en' },
    ...{ secrets: ['123456'], until, purpose: 'second_factor', asked },
  });
  const thrown = await sendText(base, { id, secrets: ['123456'], until: until.toISOString() }, carryByAction).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const row = await base.db
    .selectFrom('text_messages')
    .select(['status', 'error'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { ...row, thrown, handed: fake.received.length };
}

test('what an action has carried is sent, and the provider is not asked', async () => {
  await carryTexts(base, fake);
  await bindActions(base, 'send-phone-message', [does('')]);
  assert.partialDeepStrictEqual(await send(), { status: 'sent', handed: 0 });
  await bindActions(base, 'send-phone-message', [goesOn(fails), goesOn('')]);
  assert.partialDeepStrictEqual(await send(), { status: 'sent', handed: 0 }, 'one may send where another could not');
});

test('where the action fails without which one goes on, the provider is asked as if there were none', async () => {
  await carryTexts(base, fake);
  await bindActions(base, 'send-phone-message', [goesOn(fails)]);
  assert.partialDeepStrictEqual(await send(), { status: 'sent', handed: 1 });
});

test('and without a provider the message has failed', async () => {
  await bindActions(base, 'send-phone-message', [goesOn(fails), goesOn(fails)]);
  const told = { status: 'failed', error: 'there is no provider any more', thrown: undefined, handed: 0 };
  assert.deepEqual(await send(), told);
});

test('where an action fails that refuses, nobody else is asked, and it is tried again', async () => {
  await carryTexts(base, fake);
  await bindActions(base, 'send-phone-message', [does(fails)]);
  const told = await send();
  assert.partialDeepStrictEqual(told, { status: 'queued', handed: 0 });
  assert.match(told.thrown ?? '', /have failed/);
});
