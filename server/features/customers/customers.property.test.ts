import { test } from 'node:test';
import { playHistories } from '../../../test/customer-histories.ts';

test('whatever happens: the profile is the fold, no fact is lost, every user_id leads to the right customer', () =>
  playHistories({ runs: 30, steps: 25, checkEvery: 1 }));
