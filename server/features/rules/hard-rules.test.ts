import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import { hardBodies } from '../../../test/hard-scripts.ts';
import { longestStall } from '../../../test/longest-stall.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { uuid } from '../../base/ids.ts';
import { runRules } from './rules.ts';
import { insertRule } from './store.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());

/** A rule of before scripts were read apart. */
async function saved(place: number, script: string): Promise<void> {
  const code = { script, library: null, settings: null, secrets: null };
  const policy = { on_failure: 'go_on', deadline_ms: 2000 } as const;
  await insertRule(base.db, `rul_${place}`, { name: `r${place}`, place, enabled: true, ...code, ...policy }, now());
}

function run() {
  const input = { user: { user_id: 'auth0|1' }, context: { idToken: {}, accessToken: {} } };
  const auth0 = { domain: 'id.test', baseUrl: 'https://id.test/api/v2', accessToken: 'the token' };
  return runRules(base, { customer: uuid(), input, host: async () => null, auth0 });
}

test('security row 10: a rule that is too hard to read fails under its own policy; others run, and the server answers', async () => {
  const inRule = (body: string) => `function (user, context, callback) { ${body} callback(null, user, context); }`;
  // It names a global of long ago, so that it is looked for those, too.
  await saved(1, inRule(`request; ${hardBodies['properties of strings']}`));
  await saved(2, inRule('user.second = true;'));
  await base.settings.changed(base.db);
  await base.settings.refresh();
  const stalled = await longestStall(async () => {
    const { user, runs, refused } = await run();
    assert.equal(refused, undefined);
    assert.deepEqual(user, { user_id: 'auth0|1', second: true });
    assert.match(runs[0]?.error?.message ?? '', /takes too long to be read: make it simpler/);
  });
  assert.ok(stalled < 1000, `nobody was answered for ${stalled} ms`);

  // It is not tried again with each change of any setting.
  await base.settings.changed(base.db);
  await base.settings.refresh();
  const began = performance.now();
  assert.equal((await run()).user.second, true);
  assert.ok(performance.now() - began < 600, `${performance.now() - began} ms`);
});
