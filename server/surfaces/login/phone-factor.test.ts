import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { openWorld, signIn, signUp, type World } from '../../../test/sign-in-world.ts';
import { startTextProvider, type TextProviderFake } from '../../../test/text-provider.ts';
import { writeOutgoingHosts } from '../../base/outgoing-hosts.ts';
import { writeTextProvider } from '../../base/text-provider.ts';
import { updatePortal } from '../../features/portals/portals.ts';

let world: World;
let fake: TextProviderFake;
before(async () => {
  world = await openWorld();
  fake = await startTextProvider();
});
after(async () => {
  await world.close();
  await fake.close();
});

const password = 'a long password';

async function offer(channels: readonly ('sms' | 'voice')[]): Promise<void> {
  const { base } = world;
  const settings = { mfa: 'always' } as const;
  await updatePortal(base, portalIds.lumiere, { settings }, () => undefined);
  await writeOutgoingHosts(base.db, base.settings, [fake.host]);
  for (const channel of ['sms', 'voice'] as const) {
    const body = `{"channel":"${channel}","to":"{to}","text":"{text}"}`;
    const provider = { url: fake.url, headers: {}, content_type: 'application/json', body } as const;
    await writeTextProvider(base, base.db, channel, channels.includes(channel) ? provider : null);
  }
  await base.settings.refresh();
}

/** The newest message, once the job has handed it on. */
async function message(count: number): Promise<{ channel: string; to: string; text: string }> {
  const deadline = Date.now() + 10_000;
  while (fake.received.length < count && Date.now() < deadline) await sleep(50);
  return JSON.parse(fake.received[count - 1]?.body ?? '{}');
}
const codeIn = (text: string) => /\d{6}/.exec(text.replaceAll(', ', ''))?.[0] ?? '';

test('a phone is added by a text message and asked for by a call; without a provider it is not offered', async () => {
  await offer([]);
  const email = 'phone@example.com';
  const first = await signUp(world, world.browser(), email, password);
  assert.ok(!first.forms.some(({ action }) => action === 'enrol-phone'));
  await offer(['sms', 'voice']);
  const browser = world.browser();
  const page = await signUp(world, browser, 'phone2@example.com', password);
  const wrong = await browser.submit(page, 'enrol-phone', { phone: '0151 2345' }, 'sms');
  assert.match(wrong.text, /does not look like a phone number/);
  const typing = await browser.submit(wrong, 'enrol-phone', { phone: '+49 (170) 123-4567' }, 'sms');
  assert.match(typing.text, /•••• 4567/);
  const { channel, to, text } = await message(1);
  assert.deepEqual([channel, to], ['sms', '+491701234567']);
  assert.match(text, /^\d{6} is your code for Lumière\./);
  const codes = await browser.submit(typing, 'enrol-code', { code: codeIn(text) });
  const end = await browser.submit(codes, 'recovery-codes', { kept: 'yes' });
  assert.deepEqual((await world.tokens(end)).claims.amr, ['otp', 'sms', 'mfa']);

  const other = world.browser();
  const asked = await signIn(world, other, 'phone2@example.com', password);
  assert.match(asked.text, /Call •••• 4567/);
  const sent = await other.submit(asked, 'factor-send', {}, 'Call •••• 4567 with a code');
  const call = await message(2);
  assert.match(call.text, /\d, \d, \d, \d, \d, \d/);
  const done = await other.submit(sent, 'factor-code', { code: codeIn(call.text) });
  assert.deepEqual((await world.tokens(done)).claims.amr, ['pwd', 'tel', 'mfa']);
});

test('codes to phones in four languages', async () => {
  await offer(['sms']);
  const words = { de: /ist Ihr Code für/, es: /es tu código para/, fr: /est votre code pour/ };
  for (const [language, sentence] of Object.entries(words)) {
    const before = fake.received.length;
    const browser = world.browser({ 'accept-language': language });
    const page = await signUp(world, browser, `phone-${language}@example.com`, password);
    await browser.submit(page, 'enrol-phone', { phone: '+33 6 12 34 56 78' }, 'sms');
    assert.match((await message(before + 1)).text, sentence);
  }
});

test('security row 15: five tries at a sent code', async () => {
  await offer(['sms']);
  const browser = world.browser();
  const page = await signUp(world, browser, 'phone-tries@example.com', password);
  const before = fake.received.length;
  let typing = await browser.submit(page, 'enrol-phone', { phone: '+491701234569' }, 'sms');
  const right = codeIn((await message(before + 1)).text);
  const wrong = right === '000000' ? '000001' : '000000';
  for (let tries = 0; tries < 5; tries += 1) typing = await browser.submit(typing, 'enrol-code', { code: wrong });
  const late = await browser.submit(typing, 'enrol-code', { code: right });
  assert.match(late.text, /no longer good/);
});
