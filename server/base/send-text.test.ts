import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import { testBase } from '../../test/base.ts';
import { startTextProvider, type TextProviderFake } from '../../test/text-provider.ts';
import { inSeconds } from './clock.ts';
import { uuid } from './ids.ts';
import { writeOutgoingHosts } from './outgoing-hosts.ts';
import { sendText } from './send-text.ts';
import { queueText } from './text-message.ts';
import { readTextProvider, rewrapTextProviders, textChannels, writeTextProvider } from './text-provider.ts';

let base: Awaited<ReturnType<typeof testBase>>;
let fake: TextProviderFake;
before(async () => {
  base = await testBase();
  fake = await startTextProvider();
  await writeOutgoingHosts(base.db, base.settings, [fake.host]);
  await writeTextProvider(base, base.db, 'sms', {
    url: fake.url,
    headers: { authorization: 'Bearer very-secret' },
    content_type: 'application/json',
    body: '{"to":"{to}","text":"{text}","lang":"{language}","id":"{id}"}',
  });
  await base.settings.refresh();
});
beforeEach(() => {
  fake.mood = 'takes';
  fake.received.length = 0;
});
after(async () => {
  await base.close();
  await fake.close();
});

const awkward = '123456 is your code for "Lumière" \\ & co.\nGive it to nobody.';

async function queue(channel: 'sms' | 'voice' = 'sms') {
  const message = { brand: uuid(), channel, to: '+491701234567', text: awkward, language: 'en' } as const;
  const until = inSeconds(600);
  const id = await queueText(base.db, {
    ...message,
    secrets: ['123456'],
    until,
    purpose: 'second_factor',
    asked: { ip: '192.0.2.1' },
  });
  const job = { id, secrets: ['123456'], until: until.toISOString() };
  const row = () => base.db.selectFrom('text_messages').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  return { id, row, send: () => sendText(base, job, undefined, 300) };
}

test('a message is posted as the provider wants it; of its code nothing is kept once it has left', async () => {
  const { id, row, send } = await queue();
  assert.equal((await row()).body, awkward);
  await send();
  const [got] = fake.received;
  assert.deepEqual(JSON.parse(got?.body ?? ''), { to: '+491701234567', text: awkward, lang: 'en', id });
  assert.equal(got?.headers.authorization, 'Bearer very-secret');
  const { status, body, sent_at } = await row();
  assert.equal(status, 'sent');
  assert.ok(!body.includes('123456') && sent_at);
  await send();
  assert.equal(fake.received.length, 1, 'a job that runs again sends nothing twice');
});

test('as a form, too', async () => {
  const form = { headers: {}, content_type: 'application/x-www-form-urlencoded', body: 'To={to}&Body={text}' } as const;
  await writeTextProvider(base, base.db, 'voice', { url: fake.url, ...form });
  await base.settings.refresh();
  assert.deepEqual(await textChannels(base), ['sms', 'voice']);
  await (await queue('voice')).send();
  assert.equal(new URLSearchParams(fake.received[0]?.body).get('Body'), awkward);
  await writeTextProvider(base, base.db, 'voice', null);
  await base.settings.refresh();
  assert.deepEqual(await textChannels(base), ['sms']);
  const late = await queue('voice');
  await late.send();
  assert.equal((await late.row()).status, 'failed');
});

test('what fails in passing is tried again; what is refused, or comes too late, has failed', async () => {
  for (const mood of ['fails', 'hangs', 'drops', 'babbles'] as const) {
    fake.mood = mood;
    const { row, send } = await queue();
    await assert.rejects(send(), /was not taken/, mood);
    assert.equal((await row()).status, 'queued', mood);
    fake.mood = 'takes';
    await send();
    assert.equal((await row()).status, 'sent', mood);
  }
  fake.mood = 'refuses';
  const refused = await queue();
  await refused.send();
  assert.deepEqual([(await refused.row()).status, (await refused.row()).error], ['failed', 'answered 400']);
  const late = await queue();
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_600_000 });
  await late.send();
  mock.timers.reset();
  const { status, body } = await late.row();
  assert.equal(status, 'failed');
  assert.ok(!body.includes('123456'));
});

test('security row 11: a redirect is not followed, and an address of the inside is not called', async () => {
  fake.mood = 'redirects';
  const { row, send } = await queue();
  await send();
  assert.equal((await row()).error, 'answered 307');
  await writeOutgoingHosts(base.db, base.settings, []);
  await base.settings.refresh();
  fake.received.length = 0;
  const inside = await queue();
  await assert.rejects(inside.send());
  assert.equal(fake.received.length, 0);
  await writeOutgoingHosts(base.db, base.settings, [fake.host]);
  await base.settings.refresh();
});

test('the keys of a provider are encrypted', async () => {
  const row = await base.db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', 'sms_provider')
    .executeTakeFirstOrThrow();
  assert.ok(!JSON.stringify(row.value).includes('very-secret'));
  assert.equal((await readTextProvider(base, 'sms'))?.headers.authorization, 'Bearer very-secret');
  assert.equal(await rewrapTextProviders(base), 0);
});
