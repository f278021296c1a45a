import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interestNames } from './interest-names.ts';
import { interests } from './interests.ts';
import { retailInterests } from './retail-interests.ts';
import { factsOf, runRule } from './test-run-rule.ts';

const like = (name: string, category: string) => ({ id: name, name, category });
const likes = [
  like('Maison Fougère', 'Perfume Store'),
  like('Iris Pallida', 'Perfume Store'),
  like('Larchwood Trails', 'Hiking Trail'),
  like('Party for All', 'Political Party'),
  like('Saint Anne', 'Religious Organization'),
  like('Depression Help', 'Mental Health Service'),
  like('City Diabetes Clinic', 'Medical & Health'),
];
const of = async (scene: object) =>
  factsOf(await runRule(interests, { user: { likes }, ...scene }))['app_metadata.interests'];

test('a short list of retail, the most liked first; faith, politics and health are not looked at', async () => {
  assert.deepEqual(await of({}), ['fragrance', 'hiking']);
  assert.deepEqual((await runRule(interests, { user: { likes } })).user.app_metadata, {
    interests: ['fragrance', 'hiking'],
  });
});

test('as the form says: only some, not of one like, at most so many, or a list of your own', async () => {
  assert.deepEqual(await of({ settings: { only: ['hiking', 'books'] } }), ['hiking']);
  assert.deepEqual(await of({ settings: { least: 2 } }), ['fragrance']);
  assert.deepEqual(await of({ settings: { most: 1 } }), ['fragrance']);
  assert.deepEqual(await of({ settings: { list: { scent: ['perfume'] } } }), ['scent']);
});

/** Pages, with their category and what they stand for. */
const pages: readonly (readonly [name: string, category: string, ...interests: string[]])[] = [
  // Words that only begin like one of the list.
  ['Toyota', 'Automotive Manufacturer', 'cars'],
  ['Star Trek', 'TV Show', 'film'],
  ['Microsoft Surface', 'Product/Service'],
  ['Port Authority', 'Public Service'],
  ['Campbell’s Soup', 'Food & Beverage', 'food and drink'],
  ['Camp Jesus', 'Community'],
  ['Bikers for Trump', 'Community'],
  ['Trailer Park Boys', 'TV Show', 'film'],
  ['Nine Inch Nails', 'Musician/Band', 'music'],
  ['Arcade Fire', 'Musician/Band', 'music'],
  ['Pet Shop Boys', 'Musician/Band', 'music'],
  ['Portland Trail Blazers', 'Professional Sports Team'],
  ['Mountain Dew', 'Brand'],
  ['1. FC Cologne', 'Sports Team'],
  ['Party Start', 'Party Supply & Rental Shop'],
  ['The Corner', 'Hot Dog Joint'],
  ['Karate for All', 'Martial Arts School'],
  ['Robert Plant', 'Public Figure'],
  // Faith, politics, health: whatever the name says.
  ['The Holy Trail', 'Religious Organization'],
  ['Hiking Pastors', 'Religious Organization'],
  ['Books of Light', 'Religious Bookstore'],
  ['Coffee and Prayer', 'Catholic Church'],
  ['The Garden of Buddha', 'Buddhist Temple'],
  ['Music of the Word', 'Gospel Choir'],
  ['Barack Obama Campaign', 'Politician'],
  ['Cyclists for Jones', 'Political Candidate'],
  ['Football for All', 'Political Party'],
  ['Food for the Many', 'Political Organization'],
  ['Music against the Cut', 'Cause'],
  ['Bakery Workers', 'Labor Union'],
  ['Museum Office', 'Government Organization'],
  ['Plantar fasciitis support', 'Health'],
  ['Gardening against Depression', 'Mental Health Service'],
  ['Cooking with Diabetes', 'Medical & Health'],
  ['Yoga after the Heart Attack', 'Hospital'],
  ['Swimming for Backs', 'Physical Therapist'],
  ['Skin Care by Dr. Vale', 'Dermatologist'],
  ['Smile Photography', 'Orthodontist'],
  // What the list is for.
  ['Rosewater & Rye', 'Health/Beauty', 'skincare'],
  ['Atelier Nacre', 'Cosmetics Store', 'make-up', 'skincare'],
  ['The Slow Skincare Club', 'Community', 'skincare'],
  ['Maison Fougère', 'Perfume Store', 'fragrance'],
  ['Curl Theory', 'Hair Salon', 'hair'],
  ['Nail Foundry', 'Nail Salon', 'nails'],
  ['Merino Weather', 'Clothing (Brand)', 'fashion'],
  ['Larchwood', 'Hiking Trail', 'hiking'],
  ['Fjord & Fell', 'Outdoor Equipment Store', 'hiking'],
  ['Lantern Campgrounds', 'Community', 'camping'],
  ['Boulder Hall West', 'Rock Climbing Gym', 'climbing', 'fitness'],
  ['Snowline', 'Ski & Snowboard School', 'winter sports'],
  ['River Bend Kayaks', 'Community', 'water sports'],
  ['City Wheels', 'Bicycle Shop', 'cycling'],
  ['Paper Lighthouse', 'Musician/Band', 'music'],
  ['Tuesday Film Club', 'Community', 'film'],
  ['Harbourside Books', 'Bookstore', 'books'],
  ['The Art Room', 'x', 'art'],
  ['Corner Ceramics', 'Art Gallery', 'art'],
  ['Lens & Light', 'Camera/Photo', 'photography'],
  ['Quiet Kitchen', 'Food & Beverage', 'food and drink'],
  ['Le Petit Cafe\u0301', 'x', 'food and drink'],
  ['The Plant Clinic', 'Garden Center', 'garden'],
  ['Green', 'Home & Garden Store', 'garden', 'home'],
  ['City Bike Kitchen', 'Nonprofit Organization', 'cycling', 'food and drink'],
  ['Blocks', 'Games/Toys', 'games', 'toys'],
];

test('whole words stand for an interest, and pages of faith, politics and health for none', async () => {
  const found = await Promise.all(
    pages.map(async ([name, category]) => {
      const interests = await of({ user: { likes: [like(name, category)] } });
      return [name, category, ...(Array.isArray(interests) ? interests : [])];
    }),
  );
  assert.deepEqual(found, pages);
});

test('a star stands for the rest of a word, in a list of your own, too', async () => {
  const list = { art: ['paint*'], tea: ['Tea'], none: ['.*', '( '] };
  const names = ['Painters', 'Paint', 'TEA & co', 'Teak', 'Repaint'];
  const each = names.map((name) => of({ user: { likes: [like(name, 'x')] }, settings: { list } }));
  assert.deepEqual(await Promise.all(each), [['art'], ['art'], ['tea'], [], []]);
  // To look for it would take long.
  assert.equal(interests.settings.safeParse({ list: { art: ['*paint'] } }).success, false);
});

test('likes of any shape do no harm', async () => {
  for (const odd of [undefined, 'x', [null, 1, [], {}, { name: 5 }]]) {
    const { learned } = await runRule(interests, { user: odd === undefined ? {} : { likes: odd } });
    assert.ok(learned.every(({ value }) => Array.isArray(value) && value.length === 0));
  }
});

test('each interest of our list has a name in every language of customers', () => {
  const named = interestNames.map(({ value }) => value);
  assert.deepEqual(named.toSorted(), Object.keys(retailInterests).toSorted());
});
