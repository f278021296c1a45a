import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { atNetwork, openWorld } from '../../../test/sign-in-world.ts';
import { explain, identitiesOf } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());

const people = {
  'google-oauth2': '108204268033311374519', // Sofia
  facebook: '10222719380914467', // Mia: no address
  apple: '001905.0b7e6d5c4f3a2b1908f7e6d5c4b3a291.0655', // Kenji
  twitter: '2779104458', // Noah: no address
  github: '6041773', // Jonas
};

for (const [connection, person] of Object.entries(people)) {
  test(`a new customer signs in with ${connection}, and again with one click`, async () => {
    const browser = world.browser();
    let page = await browser.submit(await browser.open(world.door()), 'network', {}, connection);
    if (page.url.pathname.endsWith('/connect')) page = await browser.submit(page, 'connect', {}, 'no');
    const arrived = await atNetwork(browser, page, person);
    assert.equal(arrived.url.origin, 'http://lumiere.example', arrived.text);
    const { status, claims } = await world.tokens(arrived);
    assert.equal(status, 200);

    const sub = String(claims.sub);
    const row = await world.base.db.selectFrom('user_ids').selectAll().where('user_id', '=', sub).executeTakeFirst();
    assert.ok(row);
    const [identity] = await identitiesOf(world.base.db, row.customer);
    assert.equal(identity?.connection, connection);
    assert.equal(identity?.is_social, true);
    const facts = await explain(world.base.db, row.customer);
    assert.ok(facts.length > 0);
    for (const fact of facts) assert.deepEqual([fact.source, fact.origin], ['network', connection]);

    // Another day in the same browser, still signed in at the network: one click and no key.
    browser.jar.remove('regulars');
    const door = await browser.open(world.door());
    assert.match(door.text, /Last time/);
    const back = await browser.submit(door, 'network', {}, connection);
    const end = await atNetwork(browser, back, person);
    assert.equal(end.url.origin, 'http://lumiere.example', end.text);
    assert.equal((await world.tokens(end)).claims.sub, sub);
  });
}
