import { test } from 'node:test';
import { playHistories } from '../../../test/customer-histories.ts';

test('the same over many and longer histories', () => playHistories({ runs: 250, steps: 50, checkEvery: 5 }));
