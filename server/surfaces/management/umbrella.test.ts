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
