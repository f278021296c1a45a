import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type City, writeMmdb } from '../../demo/arrivals/mmdb.ts';
import { kilometresBetween, openGeo, placeInWords } from './geo.ts';

const folder = await mkdtemp(join(tmpdir(), 'regulars-geo-'));
after(() => rm(folder, { recursive: true }));
const lyon: City = { country: 'FR', city: 'Lyon', latitude: 45.75, longitude: 4.85 };
const sydney: City = { country: 'AU', city: 'Sydney', latitude: -33.87, longitude: 151.21 };
const file = join(folder, 'places.mmdb');
await writeMmdb(file, {
  '81.2.69.0/24': lyon,
  '1.128.0.0/11': sydney,
  '2a01:e0a::/32': lyon,
  '5.145.149.0/30': { country: 'NO' },
  '10.0.0.0/8': sydney,
  '6.0.0.0/30': { country: 'A1' },
  '6.0.0.4/30': { country: '-' },
});
const geo = openGeo(file);

test('the place of an address, IPv4 and IPv6: city, country and coordinates, or the country alone', () => {
  assert.deepEqual(geo.placeOf('81.2.69.142'), lyon);
  assert.deepEqual(geo.placeOf('1.130.7.9'), sydney);
  assert.deepEqual(geo.placeOf('2a01:e0a:1::9'), lyon);
  assert.partialDeepStrictEqual(geo.placeOf('5.145.149.3'), { country: 'NO' });
  assert.equal(geo.placeOf('5.145.149.3')?.city, undefined);
});

test('all that the file says of a place, with the three letters of its country', async () => {
  const whole = join(folder, 'whole.mmdb');
  await writeMmdb(whole, {
    '81.2.69.0/24': {
      ...lyon,
      postalCode: '69001',
      timeZone: 'Europe/Paris',
      continent: 'EU',
      subdivision: ['ARA', 'Auvergne-Rhône-Alpes'],
    },
    '5.145.149.0/30': { country: 'NO' },
  });
  const { detailsOf } = openGeo(whole);
  assert.deepEqual(detailsOf('81.2.69.142'), {
    ...lyon,
    country3: 'FRA',
    countryName: 'France',
    continent: 'EU',
    subdivision: 'ARA',
    subdivisionName: 'Auvergne-Rhône-Alpes',
    postalCode: '69001',
    timeZone: 'Europe/Paris',
  });
  assert.partialDeepStrictEqual(detailsOf('5.145.149.1'), { country: 'NO', country3: 'NOR' });
  assert.equal(detailsOf('10.0.0.1'), undefined);
});

test('no place: unknown, private, mapped or no addresses, what is no country, and without a file', () => {
  const nowhere = [
    '6.0.0.1',
    '6.0.0.5',
    '5.145.149.4',
    '8.8.8.8',
    '10.1.2.3',
    '127.0.0.1',
    '::1',
    '::ffff:81.2.69.142',
    'fe80::1',
    '',
    'x',
  ];
  for (const ip of nowhere) assert.equal(geo.placeOf(ip), undefined, ip);
  assert.equal(openGeo(undefined).placeOf('81.2.69.142'), undefined);
});

test('a place in words of each language', () => {
  assert.equal(placeInWords({ country: 'FR', city: 'Lyon' }, 'de'), 'Lyon, Frankreich');
  assert.equal(placeInWords({ country: 'FR' }, 'es'), 'Francia');
});

test('kilometres along the ground', () => {
  const far = kilometresBetween(lyon, sydney) ?? 0;
  assert.ok(far > 16_850 && far < 16_920, String(far));
  assert.equal(kilometresBetween(lyon, lyon), 0);
  assert.equal(kilometresBetween(lyon, { country: 'NO' }), undefined);
});
