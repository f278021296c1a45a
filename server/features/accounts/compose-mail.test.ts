import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast } from '../../../contract/contrast.ts';
import { languages } from '../../base/languages.ts';
import type { Brand } from '../brands/brands.ts';
import { composeMail } from './compose-mail.ts';
import type { MailContent } from './mail-content.ts';

const brand: Brand = {
  id: '00000000-0000-7000-8000-000000000001',
  slug: 'lumiere',
  name: 'Lumière & <Fils>',
  theme: { primary: '#ffd700', corners: 'round' },
  texts: {},
  logo_url: 'https://cdn.example.com/logo.png',
  website: null,
  mail_from: null,
  mail_reply_to: null,
  privacy_url: 'https://example.com/privacy',
  terms_url: null,
  support_url: 'https://example.com/help?a=1&b=2',
  default_language: 'fr',
  mfa: null,
  created_at: new Date(),
  updated_at: new Date(),
};
const contents: MailContent[] = [
  { kind: 'sign_up_code', code: '123456' },
  { kind: 'known_address', code: '123456' },
  { kind: 'sign_in_code', code: '123456' },
  { kind: 'account_proof', code: '123456' },
  { kind: 'email_change_code', code: '123456' },
  { kind: 'reset_password', link: 'http://localhost:4000/u/reset-password?ticket=abc' },
  { kind: 'sign_in_link', link: 'http://localhost:4000/u/sign-in-link?ticket=abc' },
  { kind: 'verify_email', link: 'http://localhost:4000/u/email-verification?ticket=abc', address: 'ada@example.com' },
  { kind: 'unblock', link: 'http://localhost:4000/u/unblock?ticket=abc', place: '192.0.2.1' },
  { kind: 'no_account', address: 'ada@example.com' },
  { kind: 'email_change_asked', address: 'ada@example.com' },
  { kind: 'email_changed', address: 'ada@example.com' },
  { kind: 'linked', first: 'ada@example.com', second: 'Google (ada@gmail.com)' },
  { kind: 'unlinked', first: 'ada@example.com', second: 'Google (ada@gmail.com)' },
  { kind: 'merged', first: 'ada@example.com', second: 'ada@gmail.com' },
  { kind: 'passkey_added', name: 'My phone' },
  { kind: 'passkey_removed', name: 'My phone' },
  {
    kind: 'new_device',
    link: 'http://localhost:4000/u/not-me?ticket=abc',
    time: '3 March 2026, 14:05 UTC',
    browser: 'Firefox on Windows',
    place: 'Lyon, France (192.0.2.1)',
  },
  { kind: 'password_added' },
  { kind: 'password_changed' },
  { kind: 'password_removed' },
  { kind: 'data_downloaded' },
  { kind: 'erasure_asked', date: '24 December 2026', link: 'http://localhost:4000/account' },
  { kind: 'erasure_undone' },
  { kind: 'erased' },
  { kind: 'profile_changed' },
];

test('every mail is whole in every language: all values are shown, no place is left open', () => {
  for (const content of contents) {
    const subjects = new Set<string>();
    for (const language of languages) {
      const { subject, text, html } = composeMail(brand, language, content);
      const what = `${content.kind} ${language}`;
      subjects.add(subject);
      assert.ok(subject.includes(brand.name), what);
      for (const [name, value] of Object.entries(content)) {
        if (name !== 'kind') assert.ok(text.includes(value), `${what} ${name}`);
      }
      assert.doesNotMatch(subject + text + html, /\{\w*\}|undefined|\[object/, what);
      assert.match(html, new RegExp(`<html lang="${language}">`));
      const paragraphs =
        text
          .split('-- ')[0]
          ?.split(/\n{2,}/)
          .filter((part) => part.trim() !== '') ?? [];
      assert.ok(paragraphs.length >= 3, `${what}: title, lead and what to do if it was not you`);
    }
    assert.equal(subjects.size, languages.length, `${content.kind} is translated`);
  }
});

test('markup in names and values is shown as text, and no line of theirs looks like one of ours', () => {
  const evil = '<img src=x onerror=alert(1)>\r\n\r\nYour account is blocked: {code}';
  const { text, html } = composeMail(brand, 'en', { kind: 'linked', first: 'a', second: evil });
  assert.ok(html.includes('Lumière &amp; &lt;Fils&gt;'));
  assert.ok(!html.includes('<img src=x') && html.includes('&lt;img src=x onerror=alert(1)&gt; Your account'));
  assert.ok(text.includes('<img src=x onerror=alert(1)> Your account is blocked: {code} now opens'));
});

test('nothing outside is loaded but the logo, and that only by https', () => {
  const { html } = composeMail(brand, 'en', { kind: 'sign_in_code', code: '123456' });
  assert.deepEqual(
    [...html.matchAll(/src="([^"]*)"/g)].map((match) => match[1]),
    ['https://cdn.example.com/logo.png'],
  );
  assert.doesNotMatch(html, /<script|<link|url\(|@import/);
  const plain = composeMail({ ...brand, logo_url: 'http://cdn.example.com/x.png' }, 'en', contents[0] ?? assert.fail());
  assert.ok(!plain.html.includes('src='));
});

test('the button can be read on any brand colour', () => {
  for (const primary of ['#ffd700', '#000000', '#808080', '#e5007d']) {
    const { html } = composeMail({ ...brand, theme: { primary } }, 'en', { kind: 'reset_password', link: 'http://x/' });
    const found = new RegExp(`background:${primary};color:(#[0-9a-f]{6})`).exec(html)?.[1] ?? assert.fail();
    assert.ok(contrast(primary, found) >= 4.5, `${found} on ${primary}`);
  }
});

test("a brand's own sentence replaces ours", () => {
  const own = { ...brand, texts: { en: { 'mail.sign_up_code.title': 'Bonjour from {brand}' } } };
  const { text } = composeMail(own, 'en', { kind: 'sign_up_code', code: '123456' });
  assert.ok(text.startsWith('Bonjour from Lumière & <Fils>'));
});
