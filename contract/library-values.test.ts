import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ageBandInWords,
  areaIncomeInWords,
  firstSourceInWords,
  handlesInWords,
  monthInWords,
  tidyNameInWords,
} from './library-values.ts';

test('an income is told as an estimate for the area, in each language', () => {
  const value = { area: 'ZIP 80302', median_household_income: 91_700, currency: 'USD', bound: 'or_more' };
  const said = 'about $91,700 or more a year in ZIP 80302: an estimate for the area, not the person';
  assert.equal(areaIncomeInWords(value, 'en'), said);
  assert.match(areaIncomeInWords(value, 'de') ?? '', /91\.700\s\$ oder mehr im Jahr .*Gegend, nicht für die Person$/);
  assert.match(areaIncomeInWords(value, 'es') ?? '', /US\$ o más al año .*no de la persona$/);
  assert.match(areaIncomeInWords(value, 'fr') ?? '', /ou plus par an .*pas pour la personne$/);
  assert.equal(areaIncomeInWords({ area: 'ZIP 1', median_household_income: null }, 'en'), 'not known of ZIP 1');
  assert.equal(areaIncomeInWords('rich', 'en'), undefined);
});

test('how somebody came first is told without the names of machines', () => {
  const value = { utm_source: 'letter', utm_campaign: 'spring', portal: 'Lumière Shop', on: '2026-03-03' };
  const by = (connection: string) => firstSourceInWords({ ...value, connection }, 'en');
  const start = 'the campaign “letter, spring”, Lumière Shop,';
  assert.equal(by('google-oauth2'), `${start} with Google, on 3 March 2026`);
  assert.equal(by('Username-Password-Authentication'), `${start} with a password, on 3 March 2026`);
  assert.equal(by('staff-ldap'), `${start} with staff-ldap, on 3 March 2026`);
  assert.equal(by('constructor'), `${start} with constructor, on 3 March 2026`);
  const german = firstSourceInWords({ portal: null, brand: 'Lumière', connection: 'email', on: '2026-03-03' }, 'de');
  assert.equal(german, 'Lumière, mit einem Code, am 3. März 2026');
  assert.equal(firstSourceInWords({ portal: null, connection: null }, 'fr'), undefined);
  const late = { portal: 'Shop', connection: 'email', on: '2026-03-03', at: '2026-03-03T23:30:00.000Z' };
  assert.equal(firstSourceInWords(late, 'en', 'Europe/Paris'), 'Shop, with a code, on 4 March 2026');
  assert.equal(firstSourceInWords(late, 'en'), 'Shop, with a code, on 3 March 2026');
  assert.equal(firstSourceInWords({ ...late, at: 'soon' }, 'en'), 'Shop, with a code, on 2026-03-03');
});

test('a tidy name is said once; months and ages in words', () => {
  const name = { given_name: 'Sofia', family_name: 'Marchetti', name: 'Sofia Marchetti' };
  assert.equal(tidyNameInWords(name), 'Sofia Marchetti');
  assert.deepEqual(
    [monthInWords(4, 'en'), monthInWords(4, 'fr'), monthInWords(13, 'en')],
    ['April', 'avril', undefined],
  );
  assert.deepEqual(
    [ageBandInWords('under 18', 'de'), ageBandInWords('25-34', 'de'), ageBandInWords(7, 'de')],
    ['unter 18', '25-34', undefined],
  );
});

test('names at networks stand by what people call the networks', () => {
  const handles = { twitter: '@sofia', linkedin: 'in/sofia', mastodon: 's', facebook: null };
  assert.equal(handlesInWords(handles), 'X: @sofia, LinkedIn: in/sofia, mastodon: s');
  assert.deepEqual([handlesInWords({}), handlesInWords(['x'])], [undefined, undefined]);
});
