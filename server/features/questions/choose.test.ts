import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import { passwordIdentity } from '../../../test/people.ts';
import { askLive, contentOf } from '../../../test/questions.ts';
import { createCustomer, findBySubject, sensitivePaths } from '../customers/customers.ts';
import { chooseQuestion, type Guest } from './choose.ts';
import { liveQuestions } from './live-questions.ts';
import { removeQuestion } from './save.ts';

const base = await testBase();
after(() => base.close());
const { subject } = await createCustomer(base.db, passwordIdentity('ada@example.com'));
const customer = await findBySubject(base.db, subject);
assert.ok(customer);

const signIn = { portal: null, brand: null, connection: 'c', country: null, language: null, device: null, hour: 9 };
const guest: Guest = {
  customer,
  signIn,
  number: 3,
  brand: crypto.randomUUID(),
  place: 'page',
  at: new Date(),
  sets: async () => [],
  consented: async () => [],
};
const ask = (number: number, when: object) => {
  const field = { type: 'text', key: 'f', labels: { en: 'x' }, path: `user_metadata.answer_${number}` };
  return askLive(base, { name: `Question ${number}`, content: contentOf([field], { when }) });
};

/** How many statements the decision sends: the fewest of three times, as what was remembered may just be thrown away. */
async function statements(of = guest): Promise<number> {
  const counts: number[] = [];
  while (counts.length < 3) {
    const [questions] = await Promise.all([liveQuestions(base), sensitivePaths(base)]);
    let sent = 0;
    // What others send meanwhile, as the look at the settings, does not count.
    const db = base.db.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        sent += 1;
        return result;
      },
    });
    const ground = { db, settings: base.settings };
    await chooseQuestion(ground, questions, of, 7, () => assert.fail('a condition fails'));
    counts.push(sent);
  }
  return Math.min(...counts);
}

test('what is decided costs one statement however many questions there are, and none where none fits or in a pause', async () => {
  const made: string[] = [];
  const add = async (count: number, sign_ins: number) => {
    for (let one = 0; one < count; one += 1) {
      made.push(await ask(made.length, { attribute: 'sign_in.number', is: 'at_least', value: sign_ins }));
    }
  };
  await add(30, 9);
  assert.equal(await statements(), 0);
  await add(2, 3);
  assert.equal(await statements(), 1);
  await add(30, 3);
  assert.equal(await statements(), 1);
  const paused = { ...guest, customer: { ...guest.customer, last_asked_at: new Date(guest.at.getTime() - 1000) } };
  assert.equal(await statements(paused), 0);
  for (const id of made) await removeQuestion(base, id);
});
