import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentenceOf } from './timeline-words.ts';

test('a row is about rules by their names, and why; one of before, with ids alone, is told as it is', () => {
  const failed = { description: 'A rule failed at the sign-in' };
  const rules = ['4ad0', '5be1'];
  const failures = [
    { rule: '4ad0', rule_name: 'Income by area', why: 'failed' },
    { rule: '5be1', rule_name: 'CRM', why: 'late' },
    { rule: '6cf2', rule_name: null, why: 'failed' },
  ];
  assert.equal(
    sentenceOf({ ...failed, data: { rules, failures } }),
    'A rule failed at the sign-in: Income by area, CRM (it took too long)',
  );
  assert.equal(sentenceOf({ ...failed, data: { rules } }), 'A rule failed at the sign-in');
  assert.equal(sentenceOf({ ...failed, data: { rules, failures: [null, 'x', []] } }), 'A rule failed at the sign-in');
});

test('who refused is told by its name', () => {
  const data = { rule: '4ad0', rule_name: 'Members only', reason: 'Not today' };
  assert.equal(sentenceOf({ description: 'A rule refused', data }), 'A rule refused: Members only');
  assert.equal(sentenceOf({ description: 'A rule refused', data: { rule: '4ad0' } }), 'A rule refused');
});

test('what was answered is told by the name of the question, where it may be known', () => {
  const answered = { description: 'Answered a question' };
  assert.equal(sentenceOf({ ...answered, data: { asking: '4ad0', question: 'Job' } }), 'Answered a question: Job');
  assert.equal(sentenceOf({ ...answered, data: { asking: '4ad0' } }), 'Answered a question');
});
