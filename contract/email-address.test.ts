import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normaliseEmail } from './email-address.ts';

const long = (length: number) => 'a'.repeat(length);

const accepted: [string, string][] = [
  ['jane@example.com', 'jane@example.com'],
  ['  Jane.Doe@Example.COM \n', 'jane.doe@example.com'],
  ['jane+shop@example.co.uk', 'jane+shop@example.co.uk'],
  ["o'hara@example.com", "o'hara@example.com"],
  ['josé@example.com', 'josé@example.com'],
  ['jose\u0301@example.com', 'josé@example.com'], // composed
  ['\uff4a\uff41\uff4e\uff45\uff20example.com', 'jane@example.com'], // full width, one @
  ['\u212aate@example.com', 'kate@example.com'], // Kelvin sign
  ['jane@bücher.de', 'jane@xn--bcher-kva.de'],
  ['JANE@BÜCHER.DE', 'jane@xn--bcher-kva.de'],
  ['jane@xn--bcher-kva.de', 'jane@xn--bcher-kva.de'],
  ['jane@straße.de', 'jane@xn--strae-oqa.de'],
  ['пётр@почта.рф', 'пётр@xn--80a1acny.xn--p1ai'],
  ['田中さん@例え.jp', '田中さん@xn--r8jz45g.jp'],
  ['1234@example.com', '1234@example.com'],
  [`${long(64)}@example.com`, `${long(64)}@example.com`],
  ['jane@3com.com', 'jane@3com.com'],
];

const refused: [string, string][] = [
  ['', 'nothing'],
  ['jane', 'no @'],
  ['@example.com', 'nothing before the @'],
  ['jane@', 'nothing behind the @'],
  ['jane@example', 'no dot in the domain'],
  ['jane@good.com@evil.com', 'two @'],
  ['victim@good.com\uff20evil.com', 'a full-width @ beside an @'],
  ['victim@good.com\ufe6bevil.com', 'a small @ beside an @'],
  ['jane,victim@example.com', 'comma'],
  ['jane;victim@example.com', 'semicolon'],
  ['jane <jane@example.com>', 'display name'],
  ['"jane"@example.com', 'quotes'],
  ['"a@b"@example.com', 'quoted @'],
  ['jane doe@example.com', 'space'],
  ['jane\u00a0doe@example.com', 'no-break space (a space after NFKC)'],
  ['jane\u0000@example.com', 'NUL'],
  ['jane@example.com\r\nBcc: victim@example.com', 'line break'],
  ['jane\u0007@example.com', 'control character'],
  ['jane\u200b@example.com', 'zero-width space'],
  ['jane\u200d@example.com', 'zero-width joiner'],
  ['jane\u3164@example.com', 'Hangul filler, a letter that shows nothing'],
  ['\u202ejane@example.com', 'right-to-left override'],
  ['jane\ud800@example.com', 'half a surrogate pair'],
  ['.jane@example.com', 'dot in front'],
  ['jane.@example.com', 'dot at the end'],
  ['jane..doe@example.com', 'two dots'],
  ['jane\u2025doe@example.com', 'two dot leader (two dots after NFKC)'],
  ['jane@example.com.', 'trailing dot'],
  ['jane@.example.com', 'empty label'],
  ['jane@example..com', 'empty label inside'],
  ['jane@-example.com', 'label that begins with a dash'],
  ['jane@example-.com', 'label that ends with a dash'],
  ['jane@exa_mple.com', 'underscore in the domain'],
  ['jane@127.0.0.1', 'IP address'],
  ['jane@[127.0.0.1]', 'IP literal'],
  ['jane@0x7f.1', 'IP address in disguise'],
  ['jane@ex%61mple.com', 'percent'],
  ['jane@example.com/evil', 'path'],
  ['jane@evil.com?.example.com', 'query'],
  ['jane@evil.com#.example.com', 'fragment'],
  ['jane@evil.com\\.example.com', 'backslash'],
  ['jane@example.com:25', 'port'],
  ['j\u0430ne@example.com', 'Cyrillic a among Latin'],
  ['jan\u03b5@example.com', 'Greek epsilon among Latin'],
  ['jane@g\u043e\u043egle.com', 'Cyrillic o in a Latin domain'],
  ['jane@ex\u1ea1mpl\u0435.com', 'Cyrillic e beside Latin with a mark'],
  [`${long(65)}@example.com`, 'more than 64 octets before the @'],
  [`${'é'.repeat(33)}@example.com`, 'more than 64 octets of UTF-8 before the @'],
  [`jane@${long(64)}.com`, 'label of more than 63'],
  [`jane@${`${long(60)}.`.repeat(5)}com`, 'more than 254 in all'],
  [long(10_000), '10,000 characters'],
];

for (const [text, expected] of accepted) {
  test(`row 20: ${JSON.stringify(text)} is ${expected}`, () => {
    assert.equal(normaliseEmail(text), expected);
    assert.equal(normaliseEmail(expected), expected, 'normalised once more it stays');
  });
}

for (const [text, why] of refused) {
  test(`row 20: refused, ${why}`, () => assert.equal(normaliseEmail(text), undefined));
}

test('whatever is accepted is stable, has one @ and no invisible or control character', () => {
  const pieces = fc.constantFrom(
    'a',
    'B',
    'é',
    '\uff20',
    '@',
    '.',
    '。',
    'ß',
    'İ',
    '\u200b',
    '\u0131',
    'ﬁ',
    '-',
    '%',
    'x',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (letters) => {
      const found = normaliseEmail(`${letters.join('')}@example.com`) ?? normaliseEmail(`jane@${letters.join('')}.com`);
      if (found === undefined) return;
      assert.equal(normaliseEmail(found), found);
      assert.equal(found.split('@').length, 2);
      assert.doesNotMatch(found, /[\p{C}\s]/u);
    }),
    { numRuns: 2000 },
  );
});
