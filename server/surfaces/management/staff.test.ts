import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { manageAt } from '../../../test/api-calls.ts';
import { createBrowser } from '../../../test/http-browser.ts';
import { startTestServer } from '../../../test/server.ts';
import {
  administratorVariables,
  joinStaff,
  knockAtStaff,
  mailedLink,
  roleId,
  type SignedIn,
  signInFirst,
} from '../../../test/staff.ts';

const server = await startTestServer(administratorVariables);
after(() => server.stop());
const admin = await signInFirst(server);
const adminId = String((await admin.call('GET', 'staff/me')).body.id);

let made = 0;
/** Somebody new with these roles (by name), or with a role of their own made of this. */
async function join(roles: readonly string[], brands?: readonly string[]) {
  made += 1;
  const ids = await Promise.all(roles.map((name) => roleId(admin, name)));
  return joinStaff(server, admin, { email: `person${made}@umbrella.example`, roles: ids, ...(brands && { brands }) });
}

async function makeRole(draft: Record<string, unknown>, by: Pick<SignedIn, 'call'> = admin) {
  made += 1;
  const answer = await by.call('POST', 'staff-roles', { name: `Role ${made}`, scopes: [], ...draft });
  return { ...answer, id: String(answer.body.id), name: String(answer.body.name) };
}

test('a role that changes, is taken away, or a person who is blocked: it counts from the next request', async () => {
  const role = await makeRole({ scopes: ['read:brands'] });
  const person = await join([role.name]);
  assert.equal((await person.call('GET', 'brands')).status, 200);
  assert.equal((await person.call('GET', 'clients')).status, 403);
  await admin.call('PATCH', `staff-roles/${role.id}`, { scopes: ['read:clients'] });
  assert.equal((await person.call('GET', 'brands')).status, 403);
  assert.equal((await person.call('GET', 'clients')).status, 200);
  await admin.call('PATCH', `staff/${person.id}`, { roles: [] });
  assert.equal((await person.call('GET', 'clients')).status, 403);
  const sessions = await admin.call('GET', `staff/${person.id}/sessions`);
  assert.ok(Array.isArray(sessions.body.items) && sessions.body.items.length === 1);
  const session = String(sessions.body.items[0].id);
  assert.equal((await admin.call('DELETE', `staff/${person.id}/sessions/${session}`)).status, 204);
  assert.equal((await person.call('GET', 'staff/me')).status, 401);

  const other = await join([role.name]);
  assert.equal((await admin.call('PATCH', `staff/${other.id}`, { blocked: true })).status, 200);
  assert.equal((await other.call('GET', 'staff/me')).status, 401);
  const door = await knockAtStaff(server, createBrowser(), {
    email: String((await admin.call('GET', `staff/${other.id}`)).body.email),
    password: other.password,
  });
  assert.match(door.text, /blocked/);
  assert.equal((await admin.call('DELETE', `staff/${other.id}`)).status, 204);
  assert.equal((await admin.call('GET', `staff/${other.id}`)).status, 404);
});

test('roles add up, and what one of them hides stays hidden', async () => {
  const [first, second] = [
    await makeRole({ scopes: ['read:users'], attributes: { read: ['*'], write: [] } }),
    await makeRole({ scopes: ['read:brands'], attributes: { read: ['-app_metadata.income*'], write: ['email'] } }),
  ];
  const person = await join([first.name, second.name]);
  const { body } = await person.call('GET', 'staff/me');
  assert.deepEqual(body.scopes, ['read:brands', 'read:users']);
  assert.deepEqual(body.attributes, { read: ['*', '-app_metadata.income*'], write: ['email'] });
});

test('nobody gives what they do not have: by a role, to others or themselves, or by an invitation', async () => {
  const staffScopes = ['read:staff', 'update:staff', 'delete:staff', 'create:staff_invitations'];
  const roleScopes = ['read:staff_roles', 'create:staff_roles', 'update:staff_roles', 'delete:staff_roles'];
  const attributes = { read: ['*', '-sensitive', '-app_metadata.income*'], write: ['user_metadata.*'] };
  const lead = await makeRole({ scopes: [...staffScopes, ...roleScopes, 'read:users'], attributes });
  const person = await join([lead.name]);
  const tooMuch = async (call: Promise<{ status: number; body: Record<string, unknown> }>, told: string) => {
    const { status, body } = await call;
    assert.equal(status, 403, `${told}: ${JSON.stringify(body)}`);
    assert.equal(body.errorCode, 'more_than_own', told);
  };
  const safe = { read: ['given_name', '-sensitive', '-app_metadata.income*'], write: ['user_metadata.x*'] };
  const own = await makeRole({ scopes: ['read:users'], attributes: safe }, person);
  assert.equal(own.status, 201, JSON.stringify(own.body));

  const drafts: [string, Record<string, unknown>][] = [
    ['a scope', { scopes: ['read:brands'] }],
    ['every attribute', { attributes: { read: ['*'], write: [] } }],
    ['the hidden attribute', { attributes: { read: ['app_metadata.income_area', '-sensitive'], write: [] } }],
    ['a part of it', { attributes: { read: ['app_metadata.inc*', '-sensitive'], write: [] } }],
    ['what may become sensitive', { attributes: { read: ['given_name', '-app_metadata.income*'], write: [] } }],
    ['to write', { attributes: { read: [], write: ['app_metadata.x'] } }],
  ];
  for (const [told, draft] of drafts) {
    await tooMuch(person.call('POST', 'staff-roles', { name: `Mine ${told}`, scopes: [], ...draft }), told);
    await tooMuch(person.call('PATCH', `staff-roles/${own.id}`, draft), told);
    await tooMuch(person.call('PATCH', `staff-roles/${lead.id}`, draft), `${told}, to the own role`);
  }
  const administrators = await roleId(admin, 'Administrator');
  await tooMuch(person.call('PATCH', `staff/${person.id}`, { roles: [administrators] }), 'to oneself');
  await tooMuch(person.call('PATCH', `staff/${adminId}`, { email: 'mine@evil.example' }), 'over an administrator');
  await tooMuch(person.call('DELETE', `staff/${adminId}`), 'an administrator away');
  const sessions = await admin.call('GET', `staff/${adminId}/sessions`);
  assert.ok(Array.isArray(sessions.body.items));
  const end = `staff/${adminId}/sessions/${sessions.body.items[0].id}`;
  await tooMuch(person.call('DELETE', end), "an administrator's session");
  const draft = { email: 'friend@evil.example', roles: [administrators] };
  await tooMuch(person.call('POST', 'staff-invitations', draft), 'by an invitation');
  assert.equal((await person.call('PATCH', `staff/${person.id}`, { name: 'Still me' })).status, 200);
});

test('security row 16: nobody lets go what a role takes away, for themselves or for others', async () => {
  const scopes = ['read:staff_roles', 'update:staff_roles'];
  const lead = await makeRole({ scopes, attributes: { read: ['*'], write: ['*'] } });
  const hides = { read: ['-sensitive', '-app_metadata.income*'], write: ['-app_metadata.income*'] };
  const limit = await makeRole({ attributes: hides });
  const person = await join([lead.name, limit.name]);
  for (const attributes of [
    { read: [] },
    { read: ['-app_metadata.income*'] },
    { read: ['-sensitive', '-app_metadata.income_area'] },
    { write: [] },
    { read: ['given_name', '-sensitive'] },
  ]) {
    const { status, body } = await person.call('PATCH', `staff-roles/${limit.id}`, { attributes });
    assert.equal(status, 403, JSON.stringify(attributes));
    assert.equal(body.errorCode, 'more_than_own');
  }
  const { body } = await person.call('GET', 'staff/me');
  assert.deepEqual(body.attributes, { read: ['*', ...hides.read], write: ['*', ...hides.write] });
  const more = { read: ['-sensitive', '-app_metadata.inc*', '-email'] };
  assert.equal(
    (await person.call('PATCH', `staff-roles/${limit.id}`, { attributes: more })).status,
    200,
    'to hide more',
  );
  assert.equal((await admin.call('PATCH', `staff-roles/${limit.id}`, { attributes: { read: [] } })).status, 200);
});

test('security row 16: nobody widens the brands of whoever may do more than they', async () => {
  const brand = async (slug: string) => String((await admin.call('POST', 'brands', { slug, name: slug })).body.id);
  const [near, far] = [await brand('near'), await brand('far')];
  const limit = await makeRole({ brands: [near] });
  const strong = await makeRole({ scopes: ['read:users', 'delete:users'], attributes: { read: ['*'], write: ['*'] } });
  await join([strong.name, limit.name]);
  const editor = await makeRole({ scopes: ['read:staff_roles', 'update:staff_roles'] });
  const person = await join([editor.name]);
  for (const brands of [null, [far], [near, far]]) {
    const { body } = await person.call('PATCH', `staff-roles/${limit.id}`, { brands });
    assert.equal(body.errorCode, 'more_than_own', JSON.stringify(brands));
  }
  assert.deepEqual((await admin.call('GET', `staff-roles/${limit.id}`)).body.brands, [near], 'nothing is written');
  assert.equal((await person.call('PATCH', `staff-roles/${limit.id}`, { brands: [] })).status, 200, 'narrower');
  assert.equal((await admin.call('PATCH', `staff-roles/${limit.id}`, { brands: [near, far] })).status, 200);
});

test('nobody is let into more brands than their inviter', async () => {
  const brand = async (slug: string) => String((await admin.call('POST', 'brands', { slug, name: slug })).body.id);
  const [one, two] = [await brand('one'), await brand('two')];
  const scopes = ['create:staff_invitations', 'update:staff', 'create:staff_roles'];
  const role = await makeRole({ scopes, brands: [one, two] });
  const person = await join([role.name], [one]);
  assert.deepEqual((await person.call('GET', 'staff/me')).body.brands, [one]);
  for (const brands of [null, [two], [one, two]]) {
    const draft = { email: 'brands@umbrella.example', roles: [role.id], brands };
    assert.equal((await person.call('POST', 'staff-invitations', draft)).status, 403, JSON.stringify(brands));
    assert.equal((await makeRole({ scopes: ['update:staff'], brands }, person)).status, 403, JSON.stringify(brands));
    assert.equal((await person.call('PATCH', `staff/${person.id}`, { brands })).status, 403, JSON.stringify(brands));
  }
  assert.equal((await makeRole({ scopes: ['update:staff'], brands: [one] }, person)).status, 201);
});

test('staff give no machine more than they may themselves, and take over none that may do more', async () => {
  const developer = await join(['Developer']);
  const machine = await developer.call('POST', 'clients', { name: 'Mine', app_type: 'non_interactive' });
  assert.equal(machine.status, 201, JSON.stringify(machine.body));
  const audience = `${server.url}/api/v2/`;
  const grant = { client_id: machine.body.client_id, audience, scope: ['read:users'] };
  assert.equal((await developer.call('POST', 'client-grants', grant)).body.errorCode, 'more_than_own');
  const first = `clients/${server.machine.id}`;
  for (const call of [
    developer.call('POST', `${first}/rotate-secret`),
    developer.call('PATCH', first, { client_secret: 'a-secret-of-my-own-choosing' }),
    developer.call('PATCH', first, { name: 'Mine now' }),
    developer.call('DELETE', first),
  ]) {
    assert.equal((await call).body.errorCode, 'more_than_own');
  }
  assert.equal((await admin.call('POST', 'client-grants', grant)).status, 201);
  const mine = `clients/${machine.body.client_id}`;
  assert.equal((await developer.call('POST', `${mine}/rotate-secret`)).body.errorCode, 'more_than_own');
});

test('a machine is held to the attributes of its grant, and a grant is no way around a role', async () => {
  const role = await makeRole({
    scopes: ['read:users', 'create:clients', 'create:client_grants', 'update:client_grants', 'read:client_grants'],
    attributes: { read: ['*', '-app_metadata.income*'], write: [] },
  });
  const person = await join([role.name]);
  const machine = await person.call('POST', 'clients', { name: 'Limited', app_type: 'non_interactive' });
  const grant = { client_id: machine.body.client_id, audience: `${server.url}/api/v2/`, scope: ['read:users'] };
  const within = { read: ['user_metadata.*', '-app_metadata.income*'], write: [] };
  for (const attributes of [undefined, { read: ['*'], write: [] }, { ...within, write: ['email'] }]) {
    const answer = await person.call('POST', 'client-grants', { ...grant, attributes });
    assert.equal(answer.body.errorCode, 'more_than_own', JSON.stringify(attributes));
  }
  const made = await person.call('POST', 'client-grants', { ...grant, attributes: within });
  assert.deepEqual(made.body.attributes, within, JSON.stringify(made.body));
  const path = `client-grants/${made.body.id}`;
  assert.equal((await person.call('PATCH', path, { attributes: { read: ['*'] } })).status, 403);
  assert.equal((await person.call('PATCH', path, { scope: ['read:brands'] })).status, 403);
  assert.equal((await admin.call('PATCH', path, { attributes: { read: ['*'] } })).status, 200);
  assert.equal((await person.call('PATCH', path, { attributes: within })).status, 403, 'it may do more than they');
  const other = await admin.call('POST', 'resource-servers', { identifier: 'orders' });
  assert.equal(other.status, 201);
  const orders = { client_id: machine.body.client_id, audience: 'orders', attributes: within };
  assert.equal((await admin.call('POST', 'client-grants', orders)).status, 400);
});

test('the last administrator can be neither removed, blocked nor demoted, also by two at once', async () => {
  for (const act of [
    () => admin.call('DELETE', `staff/${adminId}`),
    () => admin.call('PATCH', `staff/${adminId}`, { blocked: true }),
    () => admin.call('PATCH', `staff/${adminId}`, { roles: [] }),
  ]) {
    const { status, body } = await act();
    assert.equal(status, 409, JSON.stringify(body));
    assert.equal(body.errorCode, 'last_administrator');
  }
  const brand = await admin.call('POST', 'brands', { slug: 'narrow', name: 'Narrow' });
  const narrow = await makeRole({ brands: [brand.body.id] });
  const administrators = await roleId(admin, 'Administrator');
  for (const patch of [{ brands: [brand.body.id] }, { roles: [administrators, narrow.id] }]) {
    const { status, body } = await admin.call('PATCH', `staff/${adminId}`, patch);
    assert.equal(status, 409, `who is limited to brands is none who may do everything: ${JSON.stringify(body)}`);
  }
  const other = await join(['Administrator']);
  const answers = await Promise.all([
    admin.call('PATCH', `staff/${other.id}`, { roles: [] }),
    other.call('PATCH', `staff/${adminId}`, { roles: [] }),
  ]);
  const [first, second] = answers.map(({ status }) => status).sort();
  assert.equal(first, 200);
  assert.ok(second === 403 || second === 409, 'the second is none any more, or would be the last');
  // Whoever is left makes the first one what they were.
  if ((await admin.call('GET', 'staff')).status === 200) return;
  assert.equal(
    (await other.call('PATCH', `staff/${adminId}`, { roles: [await roleId(other, 'Administrator')] })).status,
    200,
  );
});

test('two people edit one thing: the second is told what is there now', async () => {
  const answer = await admin.call('POST', 'staff-roles', { name: 'Shared', scopes: ['read:brands'] });
  const { id, version } = answer.body;
  const first = await admin.call('PATCH', `staff-roles/${id}`, { name: 'Shared more', if_version: version });
  assert.equal(first.status, 200);
  const second = await admin.call('PATCH', `staff-roles/${id}`, { name: 'Mine', if_version: version });
  assert.equal(second.status, 409);
  assert.equal(second.body.errorCode, 'changed_meanwhile');
  assert.partialDeepStrictEqual(second.body.present, { name: 'Shared more', version: 2 });

  const brand = await admin.call('POST', 'brands', { slug: 'shops', name: 'Shops' });
  const draft = { brand: 'shops', name: 'Lyon', time_zone: 'Europe/Paris', currency: 'EUR' };
  const store = await admin.call('POST', 'stores', { ...draft, position: { latitude: 45.76, longitude: 4.84 } });
  assert.equal(store.status, 201, JSON.stringify(store.body));
  assert.equal(store.body.brand, brand.body.id);
  const path = `stores/${store.body.id}`;
  assert.equal((await admin.call('PATCH', path, { name: 'Lyon 2', if_version: 1 })).body.version, 2);
  const late = await admin.call('PATCH', path, { position: null, if_version: 1 });
  assert.partialDeepStrictEqual(late.body.present, { name: 'Lyon 2', position: { latitude: 45.76 } });
  for (const wrong of [{ time_zone: 'Mars/Olympus' }, { currency: 'XYZ' }, { currency: 'eur' }]) {
    assert.equal((await admin.call('POST', 'stores', { ...draft, ...wrong })).status, 400, JSON.stringify(wrong));
  }
  const placed = await admin.call('PATCH', `staff/${adminId}`, { stores: [store.body.id] });
  assert.deepEqual(placed.body.stores, [store.body.id]);
  assert.equal((await admin.call('DELETE', 'brands/shops')).status, 409, 'a brand with stores stays');
  assert.equal((await admin.call('DELETE', path)).status, 204);
});

test('ready roles stay: none is removed, and the administrator is not changed', async () => {
  const [administrators, support] = [await roleId(admin, 'Administrator'), await roleId(admin, 'Support')];
  assert.equal((await admin.call('DELETE', `staff-roles/${support}`)).status, 403);
  assert.equal((await admin.call('PATCH', `staff-roles/${administrators}`, { scopes: [] })).status, 403);
  assert.equal((await admin.call('POST', 'staff-roles', { name: 'administrator', scopes: [] })).status, 409);
  assert.equal((await admin.call('PATCH', `staff-roles/${support}`, { description: 'Ours' })).status, 200);
  for (const read of [['user_metadata'], ['a.b'], ['-'], ['user_metadata.'], [' ']]) {
    const draft = { name: 'Wrong', scopes: [], attributes: { read, write: [] } };
    assert.equal((await admin.call('POST', 'staff-roles', draft)).status, 400, read[0]);
  }
});

test('a brand that was removed is in no list, who was limited to it sees none; a new one must be there', async () => {
  const brand = await admin.call('POST', 'brands', { slug: 'gone', name: 'Gone' });
  const brands = [String(brand.body.id)];
  const role = await makeRole({ brands });
  const person = await join([role.name], brands);
  assert.equal((await admin.call('DELETE', `brands/${brands[0]}`)).status, 204);
  for (const path of [`staff-roles/${role.id}`, `staff/${person.id}`]) {
    assert.deepEqual((await admin.call('GET', path)).body.brands, []);
    assert.equal((await admin.call('PATCH', path, { brands })).status, 400);
    assert.equal((await admin.call('PATCH', path, { brands: [] })).status, 200);
  }
});

test('an invitation is accepted once, however many try, and is worth nothing once its sender lost the right', async () => {
  const role = await roleId(admin, 'Auditor');
  const email = 'raced@umbrella.example';
  const invited = await admin.call('POST', 'staff-invitations', { email, roles: [role], name: 'Ray' });
  assert.equal(invited.status, 201, JSON.stringify(invited.body));
  assert.equal((await admin.call('POST', 'staff-invitations', { email, roles: [role] })).status, 409);
  const link = await mailedLink(server, email, 'staff_invitation');
  const password = 'tulip engine harbour plate';
  const pages = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const browser = createBrowser();
      return browser.submit(await browser.open(link), 'invitation', { name: 'Ray', password });
    }),
  );
  assert.equal(pages.filter(({ url }) => url.pathname === '/staff/enrol').length, 1);
  assert.equal((await createBrowser().open(link)).status, 400);

  const sender = await admin.call('POST', 'staff-roles', {
    name: 'Sender',
    scopes: ['create:staff_invitations', 'read:brands'],
  });
  const person = await joinStaff(server, admin, { email: 'sender@umbrella.example', roles: [String(sender.body.id)] });
  const draft = { email: 'late@umbrella.example', roles: [sender.body.id] };
  assert.equal((await person.call('POST', 'staff-invitations', draft)).status, 201);
  const late = await mailedLink(server, draft.email, 'staff_invitation');
  assert.equal((await createBrowser().open(late)).status, 200);
  await admin.call('PATCH', `staff/${person.id}`, { blocked: true });
  assert.equal((await createBrowser().open(late)).status, 400);
  await admin.call('PATCH', `staff/${person.id}`, { blocked: false, roles: [role] });
  assert.equal((await createBrowser().open(late)).status, 400);

  const open = await admin.call('GET', 'staff-invitations?take=1');
  assert.ok(Array.isArray(open.body.staff_invitations) && open.body.staff_invitations.length === 1);
  const id = String(open.body.staff_invitations[0].id);
  assert.equal((await admin.call('DELETE', `staff-invitations/${id}`)).status, 204);
  assert.equal((await admin.call('GET', `staff-invitations/${id}`)).status, 404);
});

test('security row 16: an invitation of a machine is worth nothing once that machine could not send it', async () => {
  const made = await makeRole({ scopes: ['read:brands'] });
  const audience = `${server.url}/api/v2/`;
  const takings: [told: string, take: (client: string, grant: string) => Promise<{ status: number }>][] = [
    ['closed', (client) => admin.call('PATCH', `clients/${client}`, { enabled: false })],
    ['gone', (client) => admin.call('DELETE', `clients/${client}`)],
    ['without its grant', (_, grant) => admin.call('DELETE', `client-grants/${grant}`)],
    ['may invite no more', (_, grant) => admin.call('PATCH', `client-grants/${grant}`, { scope: ['read:brands'] })],
    ['may less', (_, grant) => admin.call('PATCH', `client-grants/${grant}`, { scope: ['create:staff_invitations'] })],
  ];
  for (const [told, take] of takings) {
    const { body } = await admin.call('POST', 'clients', { name: 'Directory', app_type: 'non_interactive' });
    const [id, secret] = [String(body.client_id), String(body.client_secret)];
    const scope = ['create:staff_invitations', 'read:brands'];
    const grant = await admin.call('POST', 'client-grants', { client_id: id, audience, scope });
    assert.equal(grant.status, 201, JSON.stringify(grant.body));
    const machine = await manageAt({ url: server.url, machine: { id, secret } });
    const email = `${told.replaceAll(' ', '-')}@umbrella.example`;
    await machine('POST', 'staff-invitations', { email, roles: [made.id] });
    const link = await mailedLink(server, email, 'staff_invitation');
    assert.equal((await createBrowser().open(link)).status, 200, told);
    assert.ok((await take(id, String(grant.body.id))).status < 300, told);
    assert.equal((await createBrowser().open(link)).status, 400, told);
  }
});
