import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passPictures } from './pass-pictures.ts';

const passed = (address: string) => `/passed?of=${encodeURIComponent(address)}&by="x"`;
const [from, to] = [
  'https://a.example/x.png?a=1&b=2',
  `/passed?of=${encodeURIComponent('https://a.example/x.png?a=1&b=2')}&amp;by=&quot;x&quot;`,
];

test('pictures of other sites are led here, however the attribute is written; everything else stays as it is', () => {
  const written = from.replace('&', '&amp;');
  for (const [html, expected] of [
    [`<img src="${written}">`, `<img src="${to}">`],
    [
      `<img class="brand-logo" src="${written}" alt="1 > 0" height="40">`,
      `<img class="brand-logo" src="${to}" alt="1 > 0" height="40">`,
    ],
    [`<link rel="icon" href="${written}">`, `<link rel="icon" href="${to}">`],
    [`<IMG alt='"' SRC = '${written}'/>`, `<IMG alt='"' SRC = "${to}"/>`],
    [`<img\nsrc=${written} alt>`, `<img\nsrc="${to}" alt>`],
    [
      `<img src="${from.replace('&', '&#38;')}"><img src="${from.replace('&', '&#x26;')}">`,
      `<img src="${to}"><img src="${to}">`,
    ],
    [
      `<p title="<img src=">x</p><img alt="src=" src="${written}">`,
      `<p title="<img src=">x</p><img alt="src=" src="${to}">`,
    ],
  ] as const)
    assert.equal(passPictures(html, passed), expected);
  for (const html of [
    '<link rel="stylesheet" href="/x.css"><img src="/static/own.svg"><img src="data:image/png;base64,AA"><img><img src><img src="">',
    '<img src="javascript:x"><img src="//a.example/x"><img src="https://">',
    `<image src="${written}"><a href="${written}">${written}</a><!-- <img src="${written}"> -->`,
    `<img src="${written}`,
    '<img alt="',
    '<!-- <img',
    '',
  ])
    assert.equal(passPictures(html, passed), html, html);
});

test('at most 100 addresses of a page are led here, and one that is made to take long takes no time', () => {
  const many = passPictures('<img src="https://a.example/">'.repeat(300), passed);
  assert.equal(many.split('/passed').length, 101);
  for (const piece of [
    '<img ',
    '<img "',
    '<img a=',
    "<img src='",
    '<!--',
    '<img src="https://a.example/" ',
    '<img\t/',
  ]) {
    const html = piece.repeat(2_000_000 / piece.length);
    const begun = performance.now();
    passPictures(html, passed);
    assert.ok(performance.now() - begun < 1000, piece);
  }
});
