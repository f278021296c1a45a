import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedDomains } from './allowed-domains.ts';
import { runRule } from './test-run-rule.ts';

async function isRefused(email: string | undefined, settings: object, email_verified = true): Promise<boolean> {
  const user = email === undefined ? {} : { email, email_verified };
  const { error } = await runRule(allowedDomains, { user, settings: { ...settings } });
  if (error) assert.equal(error.name, 'UnauthorizedError');
  return error !== undefined;
}

const allow = { allow: ['example.com', '*.example.org'] };

test('only some domains, whole names of them, those below only where it is said', async () => {
  assert.equal(await isRefused('a@example.com', allow), false);
  assert.equal(await isRefused('A@EXAMPLE.COM', allow), false);
  assert.equal(await isRefused('a@shop.example.org', allow), false);
  const others = [
    'a@example.org',
    'a@shop.example.com',
    'a@notexample.com',
    'a@example.com.evil.net',
    '"@example.com"@evil.net',
  ];
  for (const email of others) assert.equal(await isRefused(email, allow), true, email);
});

test('an address that is not proven is none; who has none is refused where only some are allowed', async () => {
  assert.equal(await isRefused('a@example.com', allow, false), true);
  assert.equal(await isRefused('a@example.com', { ...allow, proven: false }, false), false);
  assert.equal(await isRefused(undefined, allow), true);
  assert.equal(await isRefused(undefined, { deny: ['example.com'] }), false);
});

test('never some domains, proven or not', async () => {
  assert.equal(await isRefused('a@throwaway.example', { deny: ['throwaway.example'] }, false), true);
  assert.equal(await isRefused('a@example.com', { deny: ['throwaway.example'] }), false);
});

test('settings by which nobody could ever come in are refused', () => {
  const { settings } = allowedDomains;
  assert.throws(() => settings.parse({ allow: ['One.example'], deny: ['one.example'] }), /nobody could ever sign in/);
  settings.parse({ allow: [...['One.example'], 'two.example'], deny: ['one.example'] });
  settings.parse({ allow: [], deny: ['one.example'] });
});
