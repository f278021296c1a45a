import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';

const world = await openWorld();
after(() => world.close());

test('sign up by password and code, then sign in', async () => {
  const browser = world.browser();
  const arrived = await signUp(world, browser, 'anna@example.com', 'correct horse battery');
  assert.equal(arrived.url.origin, 'http://lumiere.example', arrived.text);
  assert.equal(arrived.url.searchParams.get('state'), 'shop-state');
  const { status, claims, body } = await world.tokens(arrived);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(claims.email, 'anna@example.com');
  assert.equal(claims.email_verified, true);

  const again = await signIn(world, world.browser(), 'Anna@Example.com', 'correct horse battery');
  assert.equal(again.url.origin, 'http://lumiere.example', again.text);
  assert.equal((await world.tokens(again)).claims.sub, claims.sub);
  assert.equal((await world.customer('anna@example.com')).logins_count, 2);
});
