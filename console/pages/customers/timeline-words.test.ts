import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedBy, sentenceOf } from './timeline-words.ts';

const nameOf = (path: string) => path.replace(/^.*\./, '').toUpperCase();
const said = (row: Omit<Parameters<typeof sentenceOf>[0], 'name'>) => sentenceOf({ name: 'x', ...row }, nameOf);

test('a row is about rules by their names, and why; one of before, with ids alone, is told as it is', () => {
  const failed = { description: 'A rule failed at the sign-in' };
  const rules = ['4ad0', '5be1'];
  const failures = [
    { rule: '4ad0', rule_name: 'Income by area', why: 'failed' },
    { rule: '5be1', rule_name: 'CRM', why: 'late' },
    { rule: '6cf2', rule_name: null, why: 'failed' },
  ];
  assert.equal(
    said({ ...failed, data: { rules, failures } }),
    'A rule failed at the sign-in: Income by area, CRM (it took too long)',
  );
  assert.equal(said({ ...failed, data: { rules } }), 'A rule failed at the sign-in');
  assert.equal(said({ ...failed, data: { rules, failures: [null, 'x', []] } }), 'A rule failed at the sign-in');
});

test('who refused is told by its name', () => {
  const data = { rule: '4ad0', rule_name: 'Members only', reason: 'Not today' };
  assert.equal(said({ description: 'A rule refused', data }), 'A rule refused: Members only');
  assert.equal(said({ description: 'A rule refused', data: { rule: '4ad0' } }), 'A rule refused');
});

test('what was answered is told by the name of the question, where it may be known', () => {
  const answered = { description: 'Answered a question' };
  assert.equal(said({ ...answered, data: { asking: '4ad0', question: 'Job' } }), 'Answered a question: Job');
  assert.equal(said({ ...answered, data: { asking: '4ad0' } }), 'Answered a question');
});

test('a profile that was changed says what of it, the first few by name, and by whom', () => {
  const row = { name: 'profile_changed', description: 'Profile changed', source: 'rules' };
  const of = (...paths: string[]) => sentenceOf({ ...row, data: { paths } }, nameOf);
  assert.equal(of('app_metadata.city', 'zoneinfo'), 'Profile changed: CITY, ZONEINFO');
  assert.equal(of('a', 'b', 'c', 'd'), 'Profile changed: A, B, C, D');
  assert.equal(of('a', 'b', 'c', 'd', 'e'), 'Profile changed: A, B, C and 2 more');
  assert.equal(of('user_metadata.city', 'app_metadata.city'), 'Profile changed: CITY', 'each name once');
  assert.equal(of(), 'Profile changed', 'what is hidden is not told');
  assert.equal(sentenceOf({ ...row, name: 'profile_created', data: { paths: ['a'] } }, nameOf), 'Profile changed');

  const by = (data: Record<string, string>, source = 'rules') => changedBy({ ...row, source, data });
  assert.equal(by({ by: 'library:place', by_name: 'Place' }), 'the ready rule “Place”');
  assert.equal(by({ by: 'rule:rul_1', by_name: 'Keeps a size' }), 'the rule “Keeps a size”');
  assert.equal(by({ by: 'actions' }), 'an action');
  assert.equal(by({ by: 'staff|1' }, 'staff'), 'staff');
  assert.equal(by({}, 'api'), 'the company');
  assert.equal(by({}, 'import'), undefined);
});

test('what was allowed is told as the catalogue calls it', () => {
  const row = { name: 'consent_withdrawn', description: 'Took a consent back' };
  const of = (data: Parameters<typeof sentenceOf>[0]['data']) => sentenceOf({ ...row, data }, nameOf);
  assert.equal(of({ purpose: 'email', topic: null, version: '3' }), 'Took a consent back: Mails');
  assert.equal(of({ purpose: 'email', topic: 'skincare' }), 'Took a consent back: Mails · skincare');
});

test('a value that its customer corrected is told by its name', () => {
  const row = { name: 'value_corrected', description: 'Corrected a value', data: { path: 'user_metadata.size' } };
  assert.equal(sentenceOf(row, nameOf), 'Corrected a value: SIZE');
});
