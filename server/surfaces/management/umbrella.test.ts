import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, type Scenario } from '../../../test/management.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

test('the settings of the umbrella are read and changed, each list as a whole', async () => {
  const scenarios: Scenario[] = [
    {
      name: 'nothing yet',
      call: ['GET', '/umbrella'],
      status: 200,
      reply: { outgoing_hosts: [], allowed_logout_urls: [] },
    },
    {
      name: 'one list',
      call: ['PATCH', '/umbrella', { outgoing_hosts: ['localhost:4010'] }],
      status: 200,
      reply: { outgoing_hosts: ['localhost:4010'], allowed_logout_urls: [] },
    },
    {
      name: 'the other',
      call: ['PATCH', '/umbrella', { allowed_logout_urls: ['https://shop.example/'] }],
      status: 200,
      reply: { outgoing_hosts: ['localhost:4010'], allowed_logout_urls: ['https://shop.example/'] },
    },
    { name: 'no host', call: ['PATCH', '/umbrella', { outgoing_hosts: ['http://localhost:1/'] }], status: 400 },
    { name: 'no address', call: ['PATCH', '/umbrella', { allowed_logout_urls: ['javascript:alert(1)'] }], status: 400 },
    { name: 'unknown', call: ['PATCH', '/umbrella', { surprise: true }], status: 400 },
    { name: 'another scope', call: ['PATCH', '/umbrella', {}], scopes: 'update:brands', status: 403 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});

test('who needs a second factor: umbrella, brand and portal; who carries text messages, without their keys', async () => {
  const provider = {
    url: 'https://sms.example/send',
    content_type: 'application/json',
    body: '{"a":"{to}","b":"{text}"}',
  };
  const withKey = { ...provider, headers: { authorization: 'Bearer very-secret' } };
  const scenarios: Scenario[] = [
    { name: 'nobody at first', call: ['GET', '/umbrella'], status: 200, reply: { mfa: 'never', sms_provider: null } },
    { name: 'all', call: ['PATCH', '/umbrella', { mfa: 'new_device' }], status: 200, reply: { mfa: 'new_device' } },
    { name: 'no such policy', call: ['PATCH', '/umbrella', { mfa: 'sometimes' }], status: 400 },
    {
      name: 'a provider, its key hidden',
      call: ['PATCH', '/umbrella', { sms_provider: withKey }],
      status: 200,
      reply: { sms_provider: { ...provider, headers: ['authorization'] } },
    },
    {
      name: 'no place for the text',
      call: ['PATCH', '/umbrella', { sms_provider: { ...provider, body: '{to}' } }],
      status: 400,
    },
    {
      name: 'a header with a line end',
      call: ['PATCH', '/umbrella', { sms_provider: { ...provider, headers: { a: 'b\r\nc: d' } } }],
      status: 400,
    },
    {
      name: 'security: a key that is kept is not sent to another server',
      call: [
        'PATCH',
        '/umbrella',
        { sms_provider: { ...provider, url: 'https://sms.other.example/send', headers: { authorization: null } } },
      ],
      status: 400,
    },
    {
      name: 'a value that nobody typed',
      call: ['PATCH', '/umbrella', { sms_provider: { ...provider, headers: { 'x-key': null } } }],
      status: 400,
    },
    {
      name: 'another way on the same server, with the key that is kept',
      call: [
        'PATCH',
        '/umbrella',
        {
          sms_provider: {
            ...provider,
            url: 'https://sms.example/v2',
            headers: { authorization: null, 'x-new': 'one' },
          },
        },
      ],
      status: 200,
      reply: { sms_provider: { ...provider, url: 'https://sms.example/v2', headers: ['authorization', 'x-new'] } },
    },
    { name: 'none', call: ['PATCH', '/umbrella', { sms_provider: null }], status: 200, reply: { sms_provider: null } },
    {
      name: 'a brand',
      call: ['POST', '/brands', { slug: 'strict', name: 'Strict', mfa: 'always' }],
      status: 201,
      reply: { mfa: 'always' },
    },
    { name: 'or none', call: ['PATCH', '/brands/strict', { mfa: null }], status: 200, reply: { mfa: null } },
    {
      name: 'a client',
      call: ['POST', '/clients', { name: 'Till', brand: 'strict', mfa: 'never' }],
      status: 201,
      reply: { mfa: 'never' },
    },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});
