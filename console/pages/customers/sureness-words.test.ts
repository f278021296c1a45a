import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sureness } from './sureness-words.ts';

test('what is less than certain says how sure it is; what customers said themselves says nothing', () => {
  assert.equal(sureness({ source: 'rule', confidence: 0.2 }), 'only 20% sure');
  assert.equal(sureness({ source: 'rule', confidence: 0.95 }), '95% sure');
  assert.equal(sureness({ source: 'inferred', confidence: 0.999 }), '99% sure');
  assert.equal(sureness({ source: 'rule', confidence: 0.001 }), 'only 1% sure');
  assert.equal(sureness({ source: 'network', confidence: 1 }), undefined);
  assert.equal(sureness({ source: 'asked', confidence: 0.5 }), undefined);
  assert.equal(sureness({ source: 'customer', confidence: 0.5 }), undefined);
});
