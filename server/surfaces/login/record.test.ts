import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { transact } from '../../base/db.ts';
import { lockCustomers } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());

test('who signs in while the password is being reset does not make the reset fail', async () => {
  const password = 'correct horse battery';
  await signUp(world, world.browser(), 'anna@example.com', password);
  const { id } = await world.customer('anna@example.com');
  const { db } = world.base;
  const held = await transact(db, async (tx) => {
    // As a reset does, the customer first ...
    await lockCustomers(tx, [id]);
    const signingIn = signIn(world, world.browser(), 'anna@example.com', password);
    for (let waits = false; !waits; ) {
      const { rows } = await sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        and (query like '%logins_count%' or query like '%select era from customers%')`.execute(db);
      waits = rows.length > 0;
    }
    // ... then the password, which the sign-in must not hold while it waits for the customer.
    await sql`select from authentication_methods where subject in
      (select subject from members where customer = ${id} and until is null) for update nowait`.execute(tx);
    return { signingIn };
  });
  assert.equal((await held.signingIn).url.origin, 'http://lumiere.example');
});
