import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Db } from '../server/base/db.ts';
import type { JsonObject } from '../server/base/json.ts';
import * as customers from '../server/features/customers/customers.ts';
import { readFoldInput } from '../server/features/customers/facts-store.ts';
import { foldColumns } from '../server/features/customers/refold.ts';
import { readTotals } from '../server/features/customers/subjects-store.ts';
import { testDatabase } from './database.ts';
import { act, networkIdentity } from './people.ts';

// Random histories of a few people, played on a real database. Beside the database stands a book: whose subject is
// whose, and to whom each user_id leads, kept by the sentences of the design alone.

export type Step =
  | { do: 'create'; provider: string; given: string }
  | { do: 'add'; who: number; provider: string; given: string }
  | { do: 'learn'; which: number; path: string; value: string; source: customers.FactSource; kind: string }
  | { do: 'update'; who: number; path: string; value: string | null }
  | { do: 'prove'; which: number; value: string; how: 'code' | 'provider' }
  | { do: 'sign-in'; which: number }
  | { do: 'block'; who: number; blocked: boolean }
  | { do: 'merge'; who: number; other: number }
  | { do: 'merge and unmerge'; who: number; other: number }
  | { do: 'unlink'; which: number }
  | { do: 'unlink and link'; which: number }
  | { do: 'unmerge'; which: number };

const index = fc.nat({ max: 1000 });
const provider = fc.constantFrom('google-oauth2', 'facebook', 'github');
const address = fc.constantFrom('a@h.test', 'b@h.test', 'c@h.test');
const path = fc.constantFrom(
  'email',
  'given_name',
  'user_metadata.a.b',
  'app_metadata.plan',
  'brands.shop.size',
  'name',
);

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('create'), provider, given: address }),
  fc.record({ do: fc.constant('add'), who: index, provider, given: address }),
  fc.record({
    do: fc.constant('learn'),
    which: index,
    path,
    value: address,
    source: fc.constantFrom<customers.FactSource>('customer', 'umbrella', 'network', 'rule', 'inferred'),
    kind: fc.constantFrom('said', 'said', 'withdrawn', 'excluded'),
  }),
  fc.record({ do: fc.constant('update'), who: index, path, value: fc.option(address) }),
  fc.record({ do: fc.constant('prove'), which: index, value: address, how: fc.constantFrom('code', 'provider') }),
  fc.record({ do: fc.constant('sign-in'), which: index }),
  fc.record({ do: fc.constant('block'), who: index, blocked: fc.boolean() }),
  fc.record({ do: fc.constant('merge'), who: index, other: index }),
  fc.record({ do: fc.constant('merge and unmerge'), who: index, other: index }),
  fc.record({ do: fc.constant('unlink'), which: index }),
  fc.record({ do: fc.constant('unlink and link'), which: index }),
  fc.record({ do: fc.constant('unmerge'), which: index }),
);

/** What the design says of a merge: these subjects and ids went from the loser to whoever is the winner. */
type Merged = { id: string; winner: string; loser: string; subjects: Set<string>; ids: Set<string>; undone: boolean };

export class History {
  readonly #db: Db;
  readonly #run: string;
  readonly #subjects = new Map<string, string>();
  readonly #userIds = new Map<string, string>();
  readonly #mergedInto = new Map<string, string>();
  readonly #merges: Merged[] = [];
  readonly #facts = new Map<string, { until: Date | null; rest: string }>();
  #clock = Date.UTC(2026, 0, 1);
  #identities = 0;

  constructor(db: Db, run: string) {
    this.#db = db;
    this.#run = run;
  }

  /** Plays a step; one that has no sense now (nobody there, nothing to unlink) is passed over. */
  async play(step: Step): Promise<void> {
    if (step.do === 'create') return this.#create(step.provider, step.given);
    if (step.do === 'unmerge') return this.#unmerge(step.which);
    const living = [...new Set(this.#subjects.values())];
    const subjects = [...this.#subjects.keys()];
    if (living.length === 0) return;
    const who = 'who' in step ? pick(living, step.who) : '';
    const subject = 'which' in step ? pick(subjects, step.which) : '';
    switch (step.do) {
      case 'add':
        return this.#add(who, step.provider, step.given);
      case 'learn':
        return this.#learn(subject, step);
      case 'update':
        return this.#update(who, step.path, step.value);
      case 'prove': {
        const proof = { kind: 'email', address: step.value, how: step.how, origin: 'test', at: this.#next() } as const;
        await customers.prove(this.#db, subject, proof);
        return;
      }
      case 'sign-in':
        await customers.recordSignIn(this.#db, { subject, at: this.#next(), ip: '192.0.2.7' });
        return;
      case 'block':
        await customers.setBlocked(this.#db, who, step.blocked, act(this.#next()));
        return;
      case 'merge':
        await this.#merge(who, pick(living, step.other));
        return;
      case 'merge and unmerge':
        return this.#mergeAndUnmerge(who, pick(living, step.other));
      case 'unlink':
        await this.#unlink(subject);
        return;
      case 'unlink and link':
        return this.#unlinkAndLink(subject);
    }
  }

  /** Compares the database with the book, the profiles with the pure fold, and the facts with what they were. */
  async check(): Promise<void> {
    await this.#checkFacts();
    for (const [subject, owner] of this.#subjects) {
      assert.equal((await customers.findBySubject(this.#db, subject))?.id, owner, 'whose subject it is');
    }
    for (const [userId, owner] of this.#userIds) {
      assert.equal((await customers.findByUserId(this.#db, userId))?.id, owner, `to whom ${userId} leads`);
    }
    for (const id of new Set(this.#subjects.values())) await this.#checkProfile(id);
  }

  async #checkProfile(id: string): Promise<void> {
    const { row, identities } = await this.#exactly(id);
    const folded = foldColumns(await readFoldInput(this.#db, id), await readTotals(this.#db, id));
    for (const [name, value] of Object.entries(folded)) {
      assert.deepEqual(new Map(Object.entries(row)).get(name), value, `the profile is the fold: ${name}`);
    }
    assert.equal(identities.filter((one) => one.is_primary).length, 1, 'one identity is primary');
    assert.equal(this.#userIds.get(row.user_id), id, 'its own user_id leads to it');
  }

  async #checkFacts(): Promise<void> {
    const subjects = [...this.#subjects.keys()];
    if (subjects.length === 0) return;
    const rows = await this.#db.selectFrom('facts').selectAll().where('subject', 'in', subjects).execute();
    const now = new Map(rows.map(({ until, ...rest }) => [rest.id, { until, rest: JSON.stringify(rest) }]));
    for (const [id, before] of this.#facts) {
      const after = now.get(id);
      assert.equal(after?.rest, before.rest, 'no fact is lost or rewritten');
      if (before.until) assert.deepEqual(after?.until, before.until, 'a closed fact stays closed');
    }
    for (const [id, fact] of now) this.#facts.set(id, fact);
  }

  async #exactly(id: string) {
    const row = await this.#db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const { updated_at: _, ...rest } = row;
    const identities = await customers.identitiesOf(this.#db, id);
    return { row: rest, identities, previous: await customers.previousIds(this.#db, id) };
  }

  #next(): Date {
    this.#clock += 1000;
    return new Date(this.#clock);
  }

  #draft(name: string, given: string): customers.IdentityDraft {
    this.#identities += 1;
    const told: JsonObject = { email: given, given_name: `${name} ${this.#identities}` };
    return networkIdentity(name, `${this.#run}-${this.#identities}`, told, { at: this.#next() });
  }

  async #create(name: string, given: string): Promise<void> {
    const { customer, subject } = await customers.createCustomer(this.#db, this.#draft(name, given));
    this.#issue(customer.user_id, customer.id);
    this.#subjects.set(subject, customer.id);
  }

  async #add(who: string, name: string, given: string): Promise<void> {
    const { subject } = await customers.addIdentity(this.#db, who, this.#draft(name, given));
    this.#subjects.set(subject, who);
  }

  async #learn(subject: string, step: Step & { do: 'learn' }): Promise<void> {
    const { path: at, value, source } = step;
    const common = { path: at, source, origin: source, at: this.#next() };
    const isObjection = step.kind === 'withdrawn' || step.kind === 'excluded';
    const draft =
      step.kind === 'withdrawn'
        ? ({ ...common, kind: 'withdrawn' } as const)
        : ({ ...common, kind: isObjection ? 'excluded' : 'said', value } as const);
    await customers.learn(this.#db, subject, [draft]);
  }

  async #update(who: string, at: string, value: string | null): Promise<void> {
    const [place = '', ...rest] = at.split('.');
    const key = rest.join('.');
    const patch =
      place === 'user_metadata' || place === 'app_metadata'
        ? { [place]: { [key]: value } }
        : place === 'brands'
          ? { brands: { shop: { size: value } } }
          : { root: { [at]: value } };
    const said = { source: 'umbrella', origin: 'crm', at: this.#next() } as const;
    const customer = await customers.update(this.#db, who, patch, said);
    if (at !== 'email' || value === null) return;
    const known = await customers.explain(this.#db, who);
    const isRefused = known.some(
      (fact) =>
        fact.path === at && fact.source === 'customer' && (fact.kind === 'withdrawn' || fact.kind === 'excluded'),
    );
    assert.ok(isRefused || customer.email === value, 'the umbrella’s new address holds');
  }

  async #merge(winner: string, loser: string): Promise<Merged | undefined> {
    const before = await this.#db.selectFrom('merges').select('id').where('winner', '=', winner).execute();
    const joined = await customers.merge(this.#db, { ...act(this.#next()), winner, loser });
    assert.equal(joined.id, winner);
    if (winner === loser) return undefined;
    const after = await this.#db.selectFrom('merges').select('id').where('winner', '=', winner).execute();
    const [added] = after.filter(({ id }) => !before.some((one) => one.id === id));
    const subjects = new Set(keysOf(this.#subjects, loser));
    const ids = new Set(keysOf(this.#userIds, loser));
    for (const subject of subjects) this.#subjects.set(subject, winner);
    for (const id of ids) this.#userIds.set(id, winner);
    this.#mergedInto.set(loser, winner);
    const merged = { id: added?.id ?? '', winner, loser, subjects, ids, undone: false };
    this.#merges.push(merged);
    return merged;
  }

  async #unmerge(which: number): Promise<void> {
    const open = this.#merges.filter((one) => !one.undone);
    if (open.length > 0) await this.#takeApart(pick(open, which));
  }

  async #takeApart(merged: Merged): Promise<void> {
    const joined = this.#living(merged.winner);
    const going = [...merged.subjects].filter((subject) => this.#subjects.get(subject) === joined);
    const staying = keysOf(this.#subjects, joined).filter((subject) => !going.includes(subject));
    const unmerging = customers.unmerge(this.#db, merged.id, act(this.#next()));
    if (going.length === 0 || staying.length === 0) {
      await assert.rejects(unmerging, { code: 'last_way_in' });
      return;
    }
    await unmerging;
    for (const subject of going) this.#subjects.set(subject, merged.loser);
    for (const id of merged.ids) if (this.#userIds.get(id) === joined) this.#userIds.set(id, merged.loser);
    this.#mergedInto.delete(merged.loser);
    merged.undone = true;
  }

  async #mergeAndUnmerge(winner: string, loser: string): Promise<void> {
    if (winner === loser) return;
    const before = [await this.#exactly(winner), await this.#exactly(loser)];
    const merged = await this.#merge(winner, loser);
    if (merged) await this.#takeApart(merged);
    assert.deepEqual([await this.#exactly(winner), await this.#exactly(loser)], before, 'both are exactly back');
  }

  async #unlink(subject: string): Promise<string | undefined> {
    const owner = this.#subjects.get(subject) ?? '';
    const unlinking = customers.unlink(this.#db, owner, subject, act(this.#next()));
    if (keysOf(this.#subjects, owner).length === 1) {
      await assert.rejects(unlinking, { code: 'last_way_in' });
      return undefined;
    }
    const { separated } = await unlinking;
    this.#subjects.set(subject, separated.id);
    this.#issue(separated.user_id, separated.id);
    // Once on its own way, a subject does not go back with a merge that is taken apart.
    for (const merged of this.#merges) merged.subjects.delete(subject);
    return separated.id;
  }

  async #unlinkAndLink(subject: string): Promise<void> {
    const owner = this.#subjects.get(subject) ?? '';
    const before = await this.#exactly(owner);
    const separated = await this.#unlink(subject);
    if (!separated) return;
    await this.#merge(owner, separated);
    const { row, identities } = await this.#exactly(owner);
    const { primary_subject: _, ...profile } = row;
    const { primary_subject: __, ...profileBefore } = before.row;
    assert.deepEqual(profile, profileBefore, 'the profile is exact');
    const facts = (list: customers.Identity[]) => list.map((one) => one.subject).toSorted();
    assert.deepEqual(facts(identities), facts(before.identities));
  }

  #issue(userId: string, customer: string): void {
    assert.equal(this.#userIds.has(userId), false, `${userId} is issued once`);
    this.#userIds.set(userId, customer);
  }

  #living(id: string): string {
    const next = this.#mergedInto.get(id);
    return next === undefined ? id : this.#living(next);
  }
}

function pick<T>(list: readonly T[], number: number): T {
  const found = list[number % list.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

function keysOf(map: ReadonlyMap<string, string>, value: string): string[] {
  return [...map].filter(([, one]) => one === value).map(([key]) => key);
}

/** Plays random histories on a database of its own; each is checked after every so many steps, and at its end. */
export async function playHistories({
  runs,
  steps,
  checkEvery,
}: {
  runs: number;
  steps: number;
  checkEvery: number;
}): Promise<void> {
  const database = await testDatabase();
  let run = 0;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 3, maxLength: steps, size: 'max' }), async (history) => {
        run += 1;
        const played = new History(database.db, `run${run}`);
        for (const [number, step] of history.entries()) {
          await played.play(step);
          if (number % checkEvery === 0) await played.check();
        }
        await played.check();
      }),
      { numRuns: runs },
    );
  } finally {
    await database.close();
  }
}
