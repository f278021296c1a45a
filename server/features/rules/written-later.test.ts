import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { countRuns, keepLines, listLines, statisticsOf } from './rules.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());

const readers = Array.from({ length: 8 }, (_, at) => at);

test('all who read at once see what was printed and counted before', async () => {
  for (let turn = 1; turn <= 10; turn += 1) {
    keepLines(base, null, [{ by: 'rul_1', level: 'log', line: `line ${turn}` }]);
    countRuns(base, [{ id: 'rul_1', ms: 1 }]);
    const lines = await Promise.all(readers.map(() => listLines(base, { kind: 'rule' }, 1)));
    assert.deepEqual(
      lines.map(([newest]) => newest?.line),
      readers.map(() => `line ${turn}`),
    );
    const counted = await Promise.all(readers.map(() => statisticsOf(base)));
    assert.deepEqual(
      counted.map((all) => all.get('rul_1')?.runs),
      readers.map(() => turn),
    );
  }
});
