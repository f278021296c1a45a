import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

test('how a rule runs is changed only if it is still the version that was seen; who names none is not asked', async () => {
  const script = 'function (user, context, callback) { callback(null, user, context); }';
  const draft = { name: 'Seen', script };
  const { id } = object(await api.run({ name: 'create', call: ['POST', '/rules', draft], status: 201 }));
  const path = `/rules/${id}/running`;
  const change = (body: object, status: number, reply: object) =>
    api.run({ name: JSON.stringify(body), call: ['PATCH', path, body], status, reply });
  await change({ on_failure: 'go_on', if_version: 1 }, 200, { on_failure: 'go_on', version: 2 });
  await change({ on_failure: 'refuse', if_version: 1 }, 409, { errorCode: 'changed_meanwhile' });
  await change({ deadline_ms: 500 }, 200, { on_failure: 'go_on', deadline_ms: 500, version: 3 });
  const { on_failure: stays } = object(await api.run({ name: 'read', call: ['GET', path], status: 200 }));
  assert.equal(stays, 'go_on');
});
