import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { libraryRules } from '../../../rules-library/library.ts';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { offerLibrary } from '../../features/rules/rules.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
  offerLibrary(api.base, libraryRules);
});
after(() => api.close());

for (const [library, secret, settings, sameServer] of [
  [
    'crm-upsert',
    'token',
    { address: 'https://crm.example/{email}', token: 'the secret token' },
    'https://crm.example/v2/{user_id}',
  ],
  [
    'first-sign-in-webhook',
    'secret',
    { address: 'https://hooks.example/a', secret: 'sixteen letters and more' },
    'https://hooks.example:443/b',
  ],
  ['fullcontact', 'key', { key: 'the secret key' }, 'https://api.fullcontact.com/v4/person.enrich'],
] as const) {
  test(`security row 10: the ${secret} of ${library} goes to no other server unless it is given again`, async () => {
    const { id } = object(await api.call('POST', '/rules/library', { library, settings }));
    const path = `/rules/${id}/running`;
    const moved = (address: string, more: object = {}) => api.call('PATCH', path, { settings: { address, ...more } });
    const message = `Payload validation error: 'The address leads elsewhere: give the ${secret} again.' on property settings.${secret}.`;
    const [host] = new URL(sameServer).host.split(':');
    for (const elsewhere of ['https://evil.example/x', `http://${host}/x`, `https://${host}:8443/x`]) {
      const refused = await moved(elsewhere);
      assert.deepEqual([refused.status, object(refused).message], [400, message], elsewhere);
    }
    assert.equal((await moved(sameServer)).status, 200, 'the same server');
    const version = Number(object(await api.call('GET', path)).version);
    const given = await moved('https://other.example/x', { [secret]: 'another secret of theirs' });
    assert.deepEqual([given.status, object(given).secret_settings], [200, [secret]]);
    const back = await api.call('POST', `/rules/${id}/versions/${version}/restore`);
    assert.equal(back.status, 400);
    assert.match(String(object(back).message), new RegExp(`leads elsewhere: .* give the ${secret} again`));
    const now = await api.call('GET', path);
    assert.partialDeepStrictEqual(object(now).settings, { address: 'https://other.example/x' });
  });
}

test('a token that a CRM does without is taken away where its address changes', async () => {
  const { rules } = z
    .looseObject({ rules: z.array(z.looseObject({ id: z.string(), library: z.unknown() })) })
    .parse((await api.call('GET', '/rules/running')).body);
  const id = rules.find(({ library }) => library === 'crm-upsert')?.id;
  const settings = { address: 'https://third.example/x' };
  const path = `/rules/${id}/running`;
  assert.equal((await api.call('PATCH', path, { settings: { ...settings, token: '' } })).status, 200);
  const none = await api.call('PATCH', path, { settings: { address: 'https://fourth.example/x' } });
  assert.deepEqual([none.status, object(none).secret_settings], [200, []]);
});
