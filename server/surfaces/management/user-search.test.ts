import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { defaultBrand } from '../../features/brands/brands.ts';
import { findByUserId, identitiesOf, recordSignIn } from '../../features/customers/customers.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
before(async () => {
  api = await managementTest();
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0', options: { requires_username: true } });
});
after(() => api.close());

type Person = Record<string, unknown> & { user_id: string };

async function create(more: object): Promise<Person> {
  const draft = { connection, email: `${unique('u')}@example.com`, username: unique('n'), password: 'correct horse' };
  const made = object(await api.call('POST', '/users', { ...draft, email_verified: true, ...more }));
  return { ...made, user_id: String(made.user_id) };
}

/** They sign in. */
async function comes(userId: string, at: Date): Promise<void> {
  const customer = await findByUserId(api.base.db, userId);
  const [identity] = customer ? await identitiesOf(api.base.db, customer.id) : [];
  assert.ok(identity);
  await recordSignIn(api.base.db, { subject: identity.subject, at, ip: null });
}

type Page = { users: { user_id: string }[]; total: number; total_is_estimate: boolean; next?: string };

async function list(query: Record<string, string | number | object>): Promise<Page> {
  const text = Object.entries(query).map(([name, value]) => [name, toText(value)]);
  const answer = await api.call('GET', `/users?${new URLSearchParams(Object.fromEntries(text))}`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const { users, total, total_is_estimate, next } = object(answer);
  assert.ok(Array.isArray(users) && typeof total === 'number' && typeof total_is_estimate === 'boolean');
  return { users, total, total_is_estimate, ...(typeof next === 'string' && { next }) };
}

function toText(value: string | number | object): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function everyPage(query: Record<string, string | number | object>, take: number): Promise<string[]> {
  const found: string[] = [];
  for (let from: string | undefined; ; ) {
    const page: Page = await list({ ...query, take, ...(from !== undefined && { from }) });
    found.push(...page.users.map(({ user_id }) => user_id));
    from = page.next;
    if (from === undefined) return found;
  }
}

const ids = ({ users }: Page) => users.map(({ user_id }) => user_id).sort();

test('a customer is found as one types: by any word of the name, address, number, username and id', async () => {
  const person = await create({
    given_name: 'Zoë-Maria',
    family_name: 'Łukasiewicz Ørsted',
    name: 'Zoë Łukasiewicz',
    email: 'Zoe.Findme@Example.com',
    username: 'ZoeFinds',
    phone_number: '+4915112345678',
  });
  const other = await create({ given_name: 'Zoe', family_name: 'Other' });
  const found = [
    ...[
      'z',
      'zo',
      'ZOË',
      'zoe mar',
      'maria',
      'lukas',
      'luk',
      'łuk',
      'orsted',
      'ørsted zoe',
      'Lukasiewicz, Z',
      'zoe maria ors',
      'zo luk',
      'or z',
      'zo ma lu o',
    ],
    ...['zoe.findme@example.com', 'ZOE.FIND', 'zoefinds', 'zoefi'],
    ...['+49 151 123', '0049151123', '0151 1234', '151-12345678', '4915112345678'],
    ...[person.user_id, person.user_id.replace('auth0|', '')],
  ];
  for (const search of found) {
    const page = await list({ search });
    assert.ok(ids(page).includes(person.user_id), search);
    assert.equal(new Set(ids(page)).size, page.users.length, `${search}: each once`);
  }
  assert.deepEqual(ids(await list({ search: 'zoe' })), [person.user_id, other.user_id].sort());
  for (const search of [
    'oe',
    'asiewicz',
    'zoe nobody',
    'zo x',
    'oe luk',
    '@example.com',
    '5112345678',
    '%',
    '_',
    "'",
    '\\',
    ' ',
    '|',
  ]) {
    assert.ok(!ids(await list({ search })).includes(person.user_id), search);
  }
});

test('of two names the beginnings are enough, and a whole word comes before a longer one', async () => {
  const anna = await create({ given_name: 'Anna', family_name: 'Müller' });
  const annabel = await create({ given_name: 'Annabel', family_name: 'Mulrooney' });
  await create({ given_name: 'Anna', family_name: 'Nobody', email: `muller.${unique('x')}@example.com` });
  for (const search of ['ann mul', 'mul ann', 'anna mul', 'a m', 'Anna Müller']) {
    assert.equal((await list({ search })).users[0]?.user_id, anna.user_id, search);
  }
  assert.deepEqual(ids(await list({ search: 'ann mul' })), [anna.user_id, annabel.user_id].sort());
  assert.deepEqual(ids(await list({ search: 'mull an' })), [anna.user_id]);
});

test('what changes is found anew, and nobody by what was', async () => {
  const person = await create({ given_name: 'Beforehand', family_name: 'Quux' });
  const path = `/users/${encodeURIComponent(person.user_id)}`;
  await api.call('PATCH', path, { given_name: 'Afterwards' });
  assert.deepEqual(ids(await list({ search: 'beforehand' })), []);
  assert.deepEqual(ids(await list({ search: 'quux aft' })), [person.user_id]);
  await api.call('DELETE', path);
  assert.deepEqual(ids(await list({ search: 'afterwards' })), []);
  const left = await api.base.pool.query("select from search_words where word like '%quux%'");
  assert.equal(left.rowCount, 0);
});

test('who is merged into another is found as that one, and by themselves once that is undone', async () => {
  const [winner, loser] = [await create({ given_name: 'Winnie' }), await create({ given_name: 'Losie' })];
  const [provider, user_id] = loser.user_id.split('|');
  const path = `/users/${encodeURIComponent(winner.user_id)}/identities`;
  await api.call('POST', path, { provider, user_id });
  assert.deepEqual(ids(await list({ search: loser.user_id })), [winner.user_id]);
  assert.ok(!ids(await list({ search: 'losie' })).includes(loser.user_id));
  await api.call('DELETE', `${path}/${provider}/${user_id}`);
  assert.equal((await list({ search: 'losie' })).users.length, 1);
});

test('a search goes on page by page, each customer once, also with others found by several words', async () => {
  const made: string[] = [];
  for (let number = 0; number < 12; number += 1) {
    const email = `paging${number % 3}.${unique('x')}@example.com`;
    made.push((await create({ given_name: 'Paging', family_name: `Pag${number % 4}`, email })).user_id);
  }
  for (const take of [1, 5, 12, 100]) {
    const found = await everyPage({ search: 'pag' }, take);
    assert.deepEqual(found.toSorted(), made.toSorted(), `by ${take}`);
  }
  for (const take of [1, 5, 100]) {
    const found = await everyPage({ search: 'pag pagi' }, take);
    assert.deepEqual(found.toSorted(), made.toSorted(), `by two words, ${take}`);
  }
  const whole = await list({ search: 'pag' });
  assert.deepEqual([whole.total, whole.total_is_estimate], [12, false]);
  assert.equal((await list({ search: 'pag', take: 5 })).total_is_estimate, true);
});

test('lists go on behind a mark in every order, those without a value last', async () => {
  const at = new Date();
  for (const family_name of ['Abel', 'abel', 'Ábel', 'Zorn', 'Zorn']) {
    const { user_id } = await create({ family_name });
    await comes(user_id, family_name === 'abel' ? new Date(at.getTime() - 5) : at);
  }
  // One with two identities that came at the very same moment.
  const [winner, loser] = [await create({}), await create({})];
  for (const { user_id } of [winner, loser]) await comes(user_id, at);
  const [provider, user_id] = loser.user_id.split('|');
  await api.call('POST', `/users/${encodeURIComponent(winner.user_id)}/identities`, { provider, user_id });
  const { total } = object(await api.call('GET', '/users?include_totals=true&per_page=0'));
  for (const by of ['created_at', 'email', 'family_name', 'last_login', 'name']) {
    for (const direction of [1, -1]) {
      const found = await everyPage({ sort: `${by}:${direction}` }, 7);
      assert.equal(found.length, Number(total), `${by}:${direction}`);
      assert.equal(new Set(found).size, found.length, `${by}:${direction}`);
      const rows = await api.base.pool.query<{ user_id: string }>(
        `select user_id from customers where merged_into is null
          order by ${by} ${direction === 1 ? 'asc' : 'desc'} nulls last, id ${direction === 1 ? 'asc' : 'desc'}`,
      );
      assert.deepEqual(
        found,
        rows.rows.map(({ user_id }) => user_id),
      );
    }
  }
});

test('filters pick by attribute, connection, brand, consent, sign-ins', async () => {
  const mark = unique('tier');
  const person = await create({
    given_name: 'Filtered',
    app_metadata: { mark, tier: 7, since: '2024-03-01', vip: true },
    user_metadata: { scents: ['Rose', 'Oud'] },
  });
  const other = await create({ app_metadata: { mark, tier: '7' }, blocked: true });
  const brand = await defaultBrand(api.base);
  const customer = await findByUserId(api.base.db, person.user_id);
  const [identity] = await identitiesOf(api.base.db, customer?.id ?? '');
  const at = new Date('2026-01-02T03:04:05Z');
  await recordSignIn(api.base.db, { subject: identity?.subject ?? '', at, ip: null, brand: brand.id });
  const said = {
    purpose: 'email',
    brand: brand.slug,
    given: true,
    language: 'en',
    text: 'Yes please',
    place: 'Till 4',
  };
  const mine = { attribute: 'app_metadata.mark', is: 'equals', value: mark };
  const cases: [object, string[]][] = [
    [{ attribute: 'app_metadata.tier', is: 'greater', value: 6 }, [person.user_id]],
    [{ attribute: 'app_metadata.tier', is: 'equals', value: '7' }, [other.user_id]],
    [{ attribute: 'app_metadata.tier', is: 'one_of', value: [7, '7'] }, [person.user_id, other.user_id]],
    [{ attribute: 'app_metadata.vip', is: 'exists', value: false }, [other.user_id]],
    [{ attribute: 'app_metadata.since', is: 'before', value: '2024-03-02' }, [person.user_id]],
    [{ attribute: 'user_metadata.scents', is: 'equals', value: 'Oud' }, [person.user_id]],
    [{ attribute: 'user_metadata.scents', is: 'starts_with', value: 'ro' }, [person.user_id]],
    [{ attribute: 'given_name', is: 'contains', value: 'filt' }, [person.user_id]],
    [{ attribute: 'email', is: 'equals', value: other.email }, [other.user_id]],
    [{ attribute: 'email_verified', is: 'equals', value: true }, [person.user_id, other.user_id]],
    [{ attribute: 'blocked', is: 'equals', value: true }, [other.user_id]],
    [{ attribute: 'connection', is: 'equals', value: connection }, [person.user_id, other.user_id]],
    [{ attribute: 'connection', is: 'equals', value: 'github' }, []],
    [{ attribute: 'brand', is: 'one_of', value: [brand.slug] }, [person.user_id]],
    [{ attribute: 'last_login', is: 'after', value: '2026-01-02' }, [person.user_id]],
    [{ attribute: 'last_login', is: 'before', value: '2026-01-02' }, []],
    [{ attribute: 'last_login', is: 'exists', value: false }, [other.user_id]],
    [{ attribute: 'logins_count', is: 'greater', value: 0 }, [person.user_id]],
    [{ attribute: 'consent', is: 'exists', value: false }, [person.user_id, other.user_id]],
    [{ attribute: 'consent', is: 'equals', value: `${brand.slug}:email` }, []],
  ];
  assert.ok(said.given);
  for (const [leaf, expected] of cases) {
    const page = await list({ filter: { all: [mine, leaf] } });
    assert.deepEqual(ids(page), expected.toSorted(), JSON.stringify(leaf));
  }
  assert.deepEqual(ids(await list({ search: 'filtered', filter: mine })), [person.user_id]);
  assert.deepEqual(ids(await list({ search: person.user_id, filter: { ...mine, value: 'another' } })), []);
});

test('what cannot be asked is refused with a sentence that says why', async () => {
  const leaf = (one: object) => `filter=${encodeURIComponent(JSON.stringify(one))}`;
  const refused: [string, RegExp][] = [
    ['search=a&page=1', /search cannot be combined with page/],
    ['search=a&q=b', /not supported|cannot be combined/],
    ['take=5&include_totals=true', /take cannot be combined with include_totals/],
    ['search=a&sort=name:1', /leave sort out/],
    ['search=', /too short/],
    ['take=5&sort=logins_count:-1', /allowed: created_at, email, family_name, last_login, name/],
    ['take=101', /maximum 100/],
    ['filter=x', /condition in JSON/],
    [leaf({ attribute: 'a', is: 'like', value: 'x' }), /./],
    [leaf({ attribute: 'identities', is: 'equals', value: 'x' }), /no attribute identities/],
    [leaf({ attribute: 'logins_count', is: 'contains', value: 'x' }), /cannot be asked/],
    [leaf({ attribute: 'logins_count', is: 'equals', value: 'x' }), /compared with a number/],
    [leaf({ attribute: 'brand', is: 'equals', value: 'nobody' }), /no brand nobody/],
    ['filter=%7B%22attribute%22:%22app_metadata.a%22,%22is%22:%22equals%22,%22value%22:%22%5Cu0000%22%7D', /stored/],
    ['filter=%7B%22attribute%22:%22app_metadata.a%22,%22is%22:%22equals%22,%22value%22:%22%5Cud800%22%7D', /stored/],
  ];
  for (const [query, message] of refused) {
    const answer = await api.call('GET', `/users?${query}`);
    assert.equal(answer.status, 400, query);
    assert.match(String(object(answer).message), message, query);
  }
});

test('security row 16: the mark of a page is ours, of this very list, and holds nothing that can be read', async () => {
  await create({ family_name: 'Markedone', given_name: 'Hidden' });
  await create({ family_name: 'Markedtwo', given_name: 'Hidden' });
  const { next = '' } = await list({ search: 'hidden', take: 1 });
  assert.ok(next.length > 0);
  for (const part of next.split('.')) {
    assert.doesNotMatch(Buffer.from(part, 'base64url').toString('latin1'), /marked|hidden|word/i);
  }
  const { next: ofList = '' } = await list({ sort: 'email:1', take: 1 });
  const forged = [
    ['search=hidden', `${next.slice(0, -2)}AA`],
    ['search=hidden', next.slice(0, 20)],
    ['search=hidden', "' or 1=1 --"],
    ['search=hidden', ofList],
    ['search=hidde', next],
    ['sort=name:1', ofList],
    ['sort=email:-1', ofList],
  ];
  for (const [query, from] of forged) {
    const answer = await api.call('GET', `/users?${query}&from=${encodeURIComponent(from ?? '')}`);
    assert.equal(answer.status, 400, `${query} ${from}`);
    assert.match(String(object(answer).message), /Invalid page token/);
  }
});
