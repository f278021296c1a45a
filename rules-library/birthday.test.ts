import assert from 'node:assert/strict';
import { test } from 'node:test';
import { birthday } from './birthday.ts';
import { factsOf, runRule } from './test-run-rule.ts';

const today = new Date();
const year = today.getUTCFullYear();
const two = (number: number) => String(number).padStart(2, '0');
const isoOf = (date: Date) => date.toISOString().slice(5, 10);

async function told(birthdate: string | undefined, settings = {}) {
  return factsOf(await runRule(birthday, { user: birthdate === undefined ? {} : { birthdate }, settings }));
}

test('the month, and the band of the age', async () => {
  assert.deepEqual(await told(`${year - 30}-01-01`), {
    'app_metadata.birthday_month': 1,
    'app_metadata.age_band': '25-34',
  });
  assert.partialDeepStrictEqual(await told(`${year - 10}-01-01`), { 'app_metadata.age_band': 'under 18' });
  assert.partialDeepStrictEqual(await told(`${year - 80}-01-01`), { 'app_metadata.age_band': '65+' });
  assert.deepEqual(await told('0000-04-18'), { 'app_metadata.birthday_month': 4 });
  assert.deepEqual(await told(`${year - 50}`), { 'app_metadata.age_band': '45-54' });
  assert.deepEqual(await told(`${year - 30}-04-18`, { month: false, bands: [30] }), {
    'app_metadata.age_band':
      today.getUTCMonth() + 1 > 4 || (today.getUTCMonth() === 3 && today.getUTCDate() >= 18) ? '30+' : 'under 30',
  });
});

test('the band changes on the birthday itself', async () => {
  const [yesterday, tomorrow] = [-1, 1].map((days) => new Date(today.getTime() + days * 86_400_000));
  assert.partialDeepStrictEqual(await told(`${year - 25}-${isoOf(today)}`), { 'app_metadata.age_band': '25-34' });
  if (yesterday && yesterday.getUTCFullYear() === year) {
    assert.partialDeepStrictEqual(await told(`${year - 25}-${isoOf(yesterday)}`), { 'app_metadata.age_band': '25-34' });
  }
  if (tomorrow && tomorrow.getUTCFullYear() === year) {
    assert.partialDeepStrictEqual(await told(`${year - 25}-${isoOf(tomorrow)}`), { 'app_metadata.age_band': '18-24' });
  }
});

test('what is no birthday teaches nothing', async () => {
  for (const none of [undefined, '', 'soon', '18.04.1991', `${year + 5}-${two(1)}-01`, '0000-13-01']) {
    const facts = await told(none);
    assert.equal('app_metadata.age_band' in facts, false, none);
    if (none === undefined || !/^\d{4}-\d\d-\d\d$/.test(none) || none.includes('-13-')) assert.deepEqual(facts, {});
  }
});
