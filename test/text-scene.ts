// The demo umbrella with somebody who carries text messages: for tests of codes that are sent to phones.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAccount } from '../server/features/accounts/accounts.ts';
import { defaultPasswordConnection } from '../server/features/connections/connections.ts';
import { type Customer, prove } from '../server/features/customers/customers.ts';
import { openWorld } from './sign-in-world.ts';
import { carryTexts, startTextProvider } from './text-provider.ts';

/** Starts it all; nobody carries messages before `carry(true)`. */
export async function openTextScene() {
  const world = await openWorld();
  const fake = await startTextProvider();

  /** The code in the newest message to this number, once the job has handed it on; `count`: it is the so-manieth there. */
  async function codeTo(phone: string, count = 1): Promise<string> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const texts = fake.received
        .map(({ body }): { to: string; text: string } => JSON.parse(body))
        .filter(({ to }) => to === phone);
      const newest = texts.length >= count ? texts.at(-1) : undefined;
      if (newest) return /\d{6}/.exec(newest.text)?.[0] ?? assert.fail(newest.text);
      if (Date.now() > deadline) assert.fail(`No text message to ${phone}`);
      await sleep(20);
    }
  }

  /** A customer who has proven this number, by what the umbrella says. */
  async function ownerOf(phone: string, email: string): Promise<Customer> {
    const at = new Date();
    const { subject } = await createAccount(world.base, world.base.db, {
      connection: defaultPasswordConnection,
      email,
      password: 'a long enough password',
      emailVerified: true,
      facts: [{ path: 'phone_number', value: phone, source: 'umbrella', origin: 'api', at }],
      origin: 'api',
    });
    return prove(world.base.db, subject, { kind: 'phone', address: phone, how: 'umbrella', origin: 'api', at });
  }

  return {
    world,
    codeTo,
    carry: (on: boolean) => carryTexts(world.base, on ? fake : undefined),
    ownerOf,
    /** All of these tests send from one place, which may have twenty messages an hour. */
    forgetCounts: () => world.base.db.deleteFrom('attempts').execute(),
    another: (code: string) => (code === '000000' ? '000001' : '000000'),
    async close() {
      await world.close();
      await fake.close();
    },
  };
}
