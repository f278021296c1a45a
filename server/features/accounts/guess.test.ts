import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { writeTogether } from '../../base/statement.ts';
import { createBrand } from '../brands/brands.ts';
import type { Asked } from './asked.ts';
import { guess } from './guess.ts';
import { countMail, countSignUp, countUserCode, forgetFailures, forgetFailuresAt, readBlocksOf } from './limits.ts';

let base: Base;
let asked: Asked;
let places = 0;
/** Another IP address each time, so that tests do not count against each other. */
const from = (): Asked => {
  places += 1;
  return { ...asked, ip: `10.1.${places >> 8}.${places & 255}` };
};
const wrong = async () => undefined;
const right = async () => 'value';
const refused = (code: 'too_many_attempts' | 'busy') => (error: unknown) => isProblem(error, code);

before(async () => {
  base = await testBase();
  asked = { brand: await createBrand(base, { slug: 'a', name: 'A' }), language: 'en', ip: '10.0.0.1' };
});
after(() => base.close());

test('ten wrong guesses shut the door for that customer from that place only', async () => {
  const customer = uuid();
  const here = from();
  for (let i = 9; i >= 0; i -= 1) {
    const result = await guess(base, { customer }, here, wrong);
    assert.ok(!result.right && result.remaining === i && result.limit === 10);
  }
  await assert.rejects(guess(base, { customer }, here, right), (error) => {
    assert.ok(isProblem(error, 'too_many_attempts'));
    const { limit, remaining, reset } = error.extra;
    assert.deepEqual([limit, remaining], [10, 0]);
    assert.ok(typeof reset === 'number' && reset > Date.now() / 1000 + 29 * 86_400);
    return true;
  });
  assert.equal((await guess(base, { customer }, from(), right)).right, true, 'from elsewhere');
  assert.equal((await guess(base, { customer: uuid() }, here, right)).right, true, 'another customer');
  assert.deepEqual(
    (await readBlocksOf(base, { customer })).map((block) => block.ip),
    [here.ip],
  );
  assert.equal(await forgetFailures(base, base.db, { customer }), 1);
  assert.equal((await guess(base, { customer }, here, right)).right, true, 'after unblocking');
});

test('fifty guesses at once: never more than ten are checked', async () => {
  const customer = uuid();
  const here = from();
  let checks = 0;
  const all = await Promise.allSettled(
    Array.from({ length: 50 }, () =>
      guess(base, { customer }, here, async () => {
        checks += 1;
        await new Promise((done) => setTimeout(done, 30));
        return undefined;
      }),
    ),
  );
  assert.equal(checks, 10);
  assert.equal(all.filter((one) => one.status === 'fulfilled').length, 10);
  await assert.rejects(guess(base, { customer }, here, right), refused('too_many_attempts'));
});

test('a hundred failures a day from one place, whoever they are aimed at; never more at once', async () => {
  const here = from();
  let checks = 0;
  await Promise.allSettled(
    Array.from({ length: 130 }, () =>
      guess(base, { customer: uuid() }, here, async () => {
        checks += 1;
        return undefined;
      }),
    ),
  );
  assert.ok(checks <= 100);
  while (checks < 100) {
    await guess(base, { customer: uuid() }, here, wrong);
    checks += 1;
  }
  await assert.rejects(guess(base, { customer: uuid() }, here, right), refused('too_many_attempts'));
  const rows = await base.db.selectFrom('timeline').select('ip').where('name', '=', 'place_blocked').execute();
  assert.deepEqual(
    rows.map((row) => row.ip),
    [here.ip],
    'noted once',
  );
});

test('right guesses at once do not shut the door: who must wait is told to come back', async () => {
  const customer = uuid();
  const here = from();
  const all = await Promise.allSettled(
    Array.from({ length: 30 }, () =>
      guess(base, { customer }, here, async () => {
        await new Promise((done) => setTimeout(done, 30));
        return 'value';
      }),
    ),
  );
  const failed = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  assert.equal(failed.length, 20);
  for (const reason of failed) assert.ok(isProblem(reason, 'busy'));
  for (let i = 0; i < 20; i += 1) assert.equal((await guess(base, { customer }, here, right)).right, true);
});

test('a right guess forgets the failures before it, but not those of the place', async () => {
  const customer = uuid();
  const here = from();
  for (let round = 0; round < 11; round += 1) {
    for (let i = 0; i < 9; i += 1) await guess(base, { customer }, here, wrong);
    assert.equal((await guess(base, { customer }, here, right)).right, true);
  }
  await guess(base, { customer }, here, wrong);
  await assert.rejects(guess(base, { customer }, here, right), refused('too_many_attempts'), '100 from this place');
});

test('what cannot be checked is given back', async () => {
  const customer = uuid();
  const here = from();
  for (let i = 0; i < 15; i += 1) {
    await assert.rejects(
      guess(base, { customer }, here, async () => {
        throw new Problem('busy');
      }),
      refused('busy'),
    );
  }
  assert.equal((await guess(base, { customer }, here, right)).right, true);
});

test('the tries of a right guess are kept until they are given back, once', async () => {
  const customer = uuid();
  const here = from();
  const counted = async () => {
    const found = await base.db.selectFrom('attempts').selectAll().where('ip', '=', here.ip).orderBy('scope').execute();
    return found.map(({ scope, count, failed }) => `${scope} ${count} ${failed}`);
  };
  const keep = async () => {
    const result = await guess(base, { customer }, here, right, { keeps: true });
    assert.ok(result.right && result.tries);
    return result.tries;
  };
  await guess(base, { customer }, here, wrong);
  const [one, another] = [await keep(), await keep()];
  assert.deepEqual(await counted(), ['ip_failures 3 1', 'sign_in 3 1'], 'two are on the way');
  await writeTogether(base.db, one.parts());
  assert.deepEqual(await counted(), ['ip_failures 2 1', 'sign_in 1 0'], 'the failure before is forgotten');
  await one.giveBack();
  assert.deepEqual(one.parts(), []);
  assert.deepEqual(await counted(), ['ip_failures 2 1', 'sign_in 1 0'], 'not twice');
  await another.giveBack();
  await another.giveBack();
  assert.deepEqual(await counted(), ['ip_failures 1 1', 'sign_in 0 0']);

  const nothing = { text: "delete from settings where name = 'none' returning 1", values: [] };
  const undone = await keep();
  const write = writeTogether(base.db, [...undone.parts(), { ...nothing, orElse: () => new Problem('flow_expired') }]);
  await assert.rejects(write, (error) => isProblem(error, 'flow_expired'));
  assert.deepEqual(await counted(), ['ip_failures 2 1', 'sign_in 1 0'], 'nothing was written');
  await undone.giveBack();
  assert.deepEqual(await counted(), ['ip_failures 1 1', 'sign_in 0 0']);

  const lost = await keep();
  const ending = { name: 'ending', text: 'select 1 from pg_terminate_backend(pg_backend_pid())', values: [] };
  await assert.rejects(
    writeTogether(base.db, [...lost.parts(), { ...ending, orElse: () => new Problem('flow_expired') }]),
    { severity: 'FATAL' },
  );
  await lost.giveBack();
  assert.deepEqual(await counted(), ['ip_failures 2 1', 'sign_in 1 0'], 'who cannot know gives back none');
});

test('takes and gives back at once never wait for each other', async () => {
  const customer = uuid();
  const here = from();
  const guesses = Array.from({ length: 60 }, async (_, i) => {
    const result = await guess(base, { customer: i % 2 ? customer : uuid() }, here, right, { keeps: true });
    if (result.right) await writeTogether(base.db, result.tries?.parts() ?? []);
  });
  const failed = (await Promise.allSettled(guesses)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  assert.ok(failed.every((error) => isProblem(error, 'busy')));
  const left = await base.db.selectFrom('attempts').select('count').where('ip', '=', here.ip).execute();
  assert.ok(left.every(({ count }) => count === 0));
});

test('all of an IPv6 /64 is one place, and IPv4 written as IPv6 is that IPv4 address', async () => {
  const customer = uuid();
  for (let i = 0; i < 10; i += 1) {
    await guess(base, { customer }, { ...asked, ip: `2001:db8:7:7::${i + 1}` }, wrong);
  }
  const same = { ...asked, ip: '2001:db8:7:7:ffff::1' };
  await assert.rejects(guess(base, { customer }, same, right), refused('too_many_attempts'));
  assert.equal((await guess(base, { customer }, { ...asked, ip: '2001:db8:7:8::1' }, right)).right, true);
  await forgetFailuresAt(base, base.db, customer, '2001:db8:7:7::99');
  assert.equal((await guess(base, { customer }, same, right)).right, true);
});

test('identifiers without an account count alike, per connection', async () => {
  const here = from();
  const who = { identifier: 'nobody@example.com' };
  for (let i = 9; i >= 0; i -= 1) {
    const result = await guess(base, who, here, wrong);
    assert.ok(!result.right && result.remaining === i);
  }
  await assert.rejects(guess(base, who, here, right), refused('too_many_attempts'));
  assert.equal((await readBlocksOf(base, who)).length, 1);
  const rows = await base.db.selectFrom('attempts').selectAll().execute();
  assert.ok(!JSON.stringify(rows).includes('nobody'), 'no address is readable in the table');
});

test('failures are forgotten a day after the last one, a block after 30 days', async (t) => {
  t.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ['Date'], now: new Date('2030-01-01T00:00:00Z') });
  const customer = uuid();
  const here = from();
  for (let i = 0; i < 9; i += 1) await guess(base, { customer }, here, wrong);
  mock.timers.tick(86_400_000 + 1);
  for (let i = 9; i >= 0; i -= 1) {
    const result = await guess(base, { customer }, here, wrong);
    assert.ok(!result.right && result.remaining === i);
  }
  mock.timers.tick(29 * 86_400_000);
  await assert.rejects(guess(base, { customer }, here, right), refused('too_many_attempts'));
  mock.timers.tick(2 * 86_400_000);
  assert.equal((await guess(base, { customer }, here, right)).right, true);
});

test('the tenth failure queues one mail to the owner, also when many fail at once', async () => {
  const customer = uuid();
  const here = from();
  await Promise.allSettled(Array.from({ length: 30 }, () => guess(base, { customer }, here, wrong)));
  const { rows } = await base.pool.query(
    `select payload from graphile_worker._private_jobs where payload->>'customer' = $1`,
    [customer],
  );
  assert.equal(rows.length, 1);
  assert.equal(rows[0].payload.ip, here.ip);
});

test('fifty sign-ups a minute from one place; ten mails an hour to one address, seven from there', async (t) => {
  t.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ['Date'], now: new Date('2031-01-01T00:00:00Z') });
  const here = from().ip;
  for (let i = 0; i < 50; i += 1) await countSignUp(base, here);
  await assert.rejects(countSignUp(base, here), refused('too_many_attempts'));
  mock.timers.tick(60_001);
  await countSignUp(base, here);
  for (let i = 0; i < 20; i += 1) await countUserCode(base, here);
  await assert.rejects(countUserCode(base, here), refused('too_many_attempts'));

  const address = 'ada@example.com';
  const mails = async (ip: string, times: number) => {
    for (let i = 0; i < times; i += 1) await countMail(base, address, ip);
  };
  await mails(here, 7);
  await assert.rejects(countMail(base, address, here), refused('too_many_attempts'));
  await mails(from().ip, 3);
  await assert.rejects(countMail(base, address, from().ip), refused('too_many_attempts'));
  await countMail(base, 'other@example.com', here);
  mock.timers.tick(3_600_001);
  await mails(here, 1);
});
