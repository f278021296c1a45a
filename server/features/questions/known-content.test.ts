import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuid } from '../../base/ids.ts';
import { readContent } from './known-content.ts';

const contentOf = (heading: string) => ({
  variants: [
    {
      key: 'a',
      heading: { en: heading },
      fields: [{ type: 'text', key: 'job', labels: { en: 'Job?' }, path: 'user_metadata.job' }],
    },
  ],
});

test('what a question asks is read once until it is another', () => {
  const [one, other] = [uuid(), uuid()];
  const first = readContent(one, contentOf('First'));
  assert.equal(readContent(one, contentOf('First')), first);
  assert.equal(first.data?.variants[0]?.heading.en, 'First');
  assert.equal(readContent(one, contentOf('Second')).data?.variants[0]?.heading.en, 'Second');
  assert.equal(readContent(other, contentOf('First')).data?.variants[0]?.heading.en, 'First');
  assert.equal(readContent(one, { variants: [] }).success, false);
  assert.equal(readContent(one, contentOf('First')).success, true);
});
