import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../base/json.ts';
import type { Proof } from './fact.ts';
import { fold } from './fold.ts';
import { profileOf } from './profile.ts';

type Said = Record<string, Json>;

function profile(said: Said, proofs: Proof[] = [], withdrawn: string[] = []) {
  const common = { subject: 's', source: 'customer', origin: 'test', confidence: 1, at: new Date(0) } as const;
  const facts = [
    ...Object.entries(said).map(([path, value], index) => {
      return { ...common, id: String(index), path, kind: 'said', value } as const;
    }),
    ...withdrawn.map((path) => ({ ...common, id: `w-${path}`, path, kind: 'withdrawn', value: null }) as const),
  ];
  return profileOf(fold({ facts, proofs, rankings: new Map() }), proofs);
}

test('without a name Auth0’s defaults are given', () => {
  const { name, attributes } = profile({ email: 'jane@example.com', given_name: 'Jane' });
  assert.equal(name, 'jane@example.com');
  assert.equal(attributes.nickname, 'jane');
  assert.equal(
    attributes.picture,
    'https://s.gravatar.com/avatar/9e26471d35a78862c17e467d87cddedf?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fja.png',
  );
});

test('the picture falls back to the initials of a name that was said', () => {
  const { attributes } = profile({ email: 'jane@example.com', name: 'Daniel Jane' });
  assert.match(String(attributes.picture), /avatars%2Fdj\.png$/);
});

test('what was said is not replaced by a default', () => {
  const { name, attributes } = profile({ email: 'j@e.test', name: 'Jane', nickname: 'J', picture: 'https://p.test' });
  assert.deepEqual([name, attributes.nickname, attributes.picture], ['Jane', 'J', 'https://p.test']);
});

test('what was withdrawn has no default', () => {
  const { name, attributes } = profile({ email: 'j@e.test' }, [], ['name', 'picture']);
  assert.equal(name, null);
  assert.equal('picture' in attributes, false);
  assert.equal(attributes.nickname, 'j');
});

test('without an e-mail address the defaults are the username, then the phone number', () => {
  assert.equal(profile({ username: 'jane', phone_number: '+491701234567' }).name, 'jane');
  assert.equal(profile({ phone_number: '+491701234567' }).name, '+491701234567');
  assert.deepEqual(profile({}).attributes, {});
});

test('an address is verified iff a proof of this very address is there', () => {
  const proof = {
    subject: 's2',
    kind: 'email',
    address: 'j@e.test',
    how: 'code',
    origin: 'x',
    at: new Date(0),
  } as const;
  assert.equal(profile({ email: 'j@e.test' }, [proof]).email_verified, true);
  assert.equal(profile({ email: 'other@e.test' }, [proof]).email_verified, false);
  assert.equal(profile({ email: 'j@e.test' }, [{ ...proof, kind: 'phone' }]).email_verified, false);
  assert.equal(profile({}, [proof]).email_verified, false);
});

test('values stand in their places; a metadata key may be any text', () => {
  const { user_metadata, app_metadata, brand_values, attributes } = profile({
    'user_metadata.a.b c/ü': 1,
    'user_metadata.__proto__': { polluted: true },
    'app_metadata.plan': 'gold',
    'brands.lumiere.skin.type': 'dry',
    'brands.northtrail.x': [1],
  });
  assert.equal(JSON.stringify(user_metadata), '{"a.b c/ü":1,"__proto__":{"polluted":true}}');
  assert.deepEqual(app_metadata, { plan: 'gold' });
  assert.deepEqual(brand_values, { lumiere: { 'skin.type': 'dry' }, northtrail: { x: [1] } });
  assert.deepEqual(attributes, {});
  assert.equal('polluted' in {}, false);
});

const birthdays: [Json, number | null, number | null][] = [
  ['1990-02-28', 2, 28],
  ['0000-02-29', 2, 29],
  ['2000-02-29', 2, 29],
  ['2023-02-29', null, null],
  ['1990-13-01', null, null],
  ['1990-00-10', null, null],
  ['1990', null, null],
  [19900228, null, null],
  ['1990-02-28T00:00:00Z', null, null],
];

for (const [birthdate, month, day] of birthdays) {
  test(`the birthday of ${birthdate} is ${month}/${day}`, () => {
    const { birth_month, birth_day } = profile({ birthdate });
    assert.deepEqual([birth_month, birth_day], [month, day]);
  });
}
