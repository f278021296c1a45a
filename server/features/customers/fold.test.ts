import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FactSource } from '../../../contract/customers.ts';
import type { Json } from '../../base/json.ts';
import type { Fact, Proof } from './fact.ts';
import { fold } from './fold.ts';

let made = 0;
const day = (number: number) => new Date(Date.UTC(2026, 0, number));

function fact(path: string, value: Json, source: FactSource, on: number, more: Partial<Fact> = {}): Fact {
  made += 1;
  const id = `00000000-0000-7000-8000-${String(made).padStart(12, '0')}`;
  return { id, subject: 's1', path, kind: 'said', value, source, origin: source, confidence: 1, at: day(on), ...more };
}

function proof(address: string, how: Proof['how'], on: number): Proof {
  return { subject: 's2', kind: address.includes('@') ? 'email' : 'phone', address, how, origin: 'x', at: day(on) };
}

function valueAt(path: string, facts: Fact[], proofs: Proof[] = [], rankings: [string, string[]][] = []) {
  return fold({ facts, proofs, rankings: new Map(rankings) }).winners.get(path)?.value;
}

const withdrawn = { kind: 'withdrawn', value: null } as const;
const excluded = { kind: 'excluded' } as const;

const rules: {
  rule: string;
  facts: Fact[];
  proofs?: Proof[];
  rankings?: [string, string[]][];
  holds: Json | undefined;
}[] = [
  {
    rule: 'the customer beats a network, though older',
    facts: [fact('x', 'said', 'customer', 1), fact('x', 'told', 'network', 2)],
    holds: 'said',
  },
  {
    rule: 'the umbrella ranks with the customer: the newer holds',
    facts: [fact('x', 'mine', 'customer', 1), fact('x', 'theirs', 'umbrella', 2)],
    holds: 'theirs',
  },
  {
    rule: 'a network beats a rule, a rule beats what is inferred',
    facts: [fact('x', 'guess', 'inferred', 3), fact('x', 'rule', 'rule', 2), fact('x', 'told', 'network', 1)],
    holds: 'told',
  },
  {
    rule: 'a rule beats what is inferred, though older',
    facts: [fact('x', 'guess', 'inferred', 3), fact('x', 'rule', 'rule', 2)],
    holds: 'rule',
  },
  {
    rule: 'of two networks the newer holds',
    facts: [fact('x', 'old', 'network', 1, { origin: 'a' }), fact('x', 'new', 'network', 2, { origin: 'b' })],
    holds: 'new',
  },
  {
    rule: 'at the same instant the greater id holds',
    facts: [fact('x', 'first', 'network', 1), fact('x', 'second', 'network', 1)],
    holds: 'second',
  },
  {
    rule: 'a proven address beats one that the customer says',
    facts: [fact('email', 'said@a.test', 'customer', 2), fact('email', 'proven@a.test', 'network', 1)],
    proofs: [proof('proven@a.test', 'provider', 1)],
    holds: 'proven@a.test',
  },
  {
    rule: 'a proof on one subject proves what another says',
    facts: [fact('phone_number', '+491701', 'network', 1), fact('phone_number', '+491702', 'network', 2)],
    proofs: [proof('+491701', 'code', 1)],
    holds: '+491701',
  },
  {
    rule: 'a proof makes no address of another path proven',
    facts: [fact('nickname', 'a@a.test', 'network', 1), fact('nickname', 'b', 'network', 2)],
    proofs: [proof('a@a.test', 'code', 1)],
    holds: 'b',
  },
  {
    rule: 'the ranking of a path replaces the order of sources',
    facts: [fact('x', 'said', 'customer', 2), fact('x', 'told', 'network', 1)],
    rankings: [['x', ['network']]],
    holds: 'told',
  },
  {
    rule: 'sources that a ranking leaves out come behind, in the general order',
    facts: [fact('x', 'told', 'network', 3), fact('x', 'said', 'customer', 2), fact('x', 'guess', 'inferred', 1)],
    rankings: [['x', ['rule']]],
    holds: 'said',
  },
  {
    rule: 'the ranking of one path is not that of another',
    facts: [fact('x', 'said', 'customer', 2), fact('x', 'told', 'network', 1)],
    rankings: [['y', ['network']]],
    holds: 'said',
  },
  {
    rule: 'what is withdrawn does not come back by a newer network or umbrella',
    facts: [fact('x', null, 'customer', 2, withdrawn), fact('x', 'a', 'network', 3), fact('x', 'b', 'umbrella', 4)],
    holds: undefined,
  },
  {
    rule: 'what the customer says anew lifts the withdrawal',
    facts: [fact('x', null, 'umbrella', 2, withdrawn), fact('x', 'again', 'customer', 3)],
    holds: 'again',
  },
  {
    rule: 'what the customer had said before is withdrawn, too',
    facts: [fact('x', null, 'umbrella', 2, withdrawn), fact('x', 'before', 'customer', 1)],
    holds: undefined,
  },
  {
    rule: 'the source that had withdrawn lifts its own withdrawal',
    facts: [fact('x', null, 'umbrella', 2, withdrawn), fact('x', 'again', 'umbrella', 3), fact('x', 'n', 'network', 4)],
    holds: 'again',
  },
  {
    rule: 'the umbrella lifts what a rule had withdrawn, a network does not',
    facts: [fact('x', null, 'rule', 2, withdrawn), fact('x', 'told', 'network', 4), fact('x', 'set', 'umbrella', 3)],
    holds: 'set',
  },
  {
    rule: 'an excluded value is passed over for the next best',
    facts: [fact('x', 'a', 'umbrella', 1), fact('x', 'b', 'network', 1), fact('x', 'a', 'customer', 2, excluded)],
    holds: 'b',
  },
  {
    rule: 'an exclusion takes one value out of a list',
    facts: [fact('x', ['a', 'b', 'c'], 'network', 3), fact('x', 'b', 'customer', 2, excluded)],
    holds: ['a', 'c'],
  },
  {
    rule: 'items of a list are known by their id',
    facts: [
      fact(
        'likes',
        [
          { id: '1', name: 'New name' },
          { id: '2', name: 'Roses' },
        ],
        'network',
        3,
      ),
      fact('likes', { id: '1', name: 'Old name' }, 'customer', 2, excluded),
    ],
    holds: [{ id: '2', name: 'Roses' }],
  },
  {
    rule: 'the customer puts an excluded value back into the list',
    facts: [fact('x', ['a', 'b'], 'customer', 3), fact('x', 'b', 'customer', 2, excluded)],
    holds: ['a', 'b'],
  },
  {
    rule: 'an excluded address comes back by no network, though proven by it later',
    facts: [fact('email', 'old@a.test', 'network', 3), fact('email', 'old@a.test', 'umbrella', 2, excluded)],
    proofs: [proof('old@a.test', 'provider', 4)],
    holds: undefined,
  },
  {
    rule: "the customer's own later proof lifts the exclusion of an address",
    facts: [fact('email', 'old@a.test', 'network', 1), fact('email', 'old@a.test', 'umbrella', 2, excluded)],
    proofs: [proof('old@a.test', 'code', 3)],
    holds: 'old@a.test',
  },
  {
    rule: "the customer's own earlier proof does not",
    facts: [fact('email', 'old@a.test', 'network', 1), fact('email', 'old@a.test', 'umbrella', 2, excluded)],
    proofs: [proof('old@a.test', 'code', 1)],
    holds: undefined,
  },
];

for (const { rule, facts, proofs, rankings, holds } of rules) {
  test(rule, () => {
    const path = facts[0]?.path ?? '';
    assert.deepEqual(valueAt(path, facts, proofs, rankings), holds);
    assert.deepEqual(valueAt(path, facts.toReversed(), proofs?.toReversed(), rankings), holds, 'in any order');
  });
}

test('a path where nothing holds is silenced, one of which nobody spoke is not', () => {
  const { silenced } = fold({ facts: [fact('name', null, 'customer', 1, withdrawn)], proofs: [], rankings: new Map() });
  assert.deepEqual([...silenced], ['name']);
});

const addresses = ['a@a.test', 'b@a.test'];
const anyFact: fc.Arbitrary<Fact> = fc
  .record({
    path: fc.constantFrom('x', 'email'),
    value: fc.constantFrom(...addresses, 'c', ['c', 'a@a.test'], ['c']),
    source: fc.constantFrom<FactSource>('customer', 'umbrella', 'network', 'rule', 'inferred'),
    on: fc.integer({ min: 1, max: 4 }),
    kind: fc.constantFrom<Fact['kind']>('said', 'said', 'said', 'withdrawn', 'excluded'),
    subject: fc.constantFrom('s1', 's2'),
  })
  .map(({ path, value, source, on, kind, subject }) =>
    fact(path, kind === 'withdrawn' ? null : value, source, on, { kind, subject }),
  );
const anyProof = fc
  .record({
    address: fc.constantFrom(...addresses),
    how: fc.constantFrom<Proof['how']>('code', 'provider'),
    on: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ address, how, on }) => proof(address, how, on));
const anyInput = fc.record({
  facts: fc.array(anyFact, { maxLength: 12 }),
  proofs: fc.array(anyProof, { maxLength: 4 }),
  rankings: fc.constantFrom(new Map<string, string[]>(), new Map([['x', ['inferred', 'network']]])),
});

const inTwoOrders = anyInput.chain((input) =>
  fc.record({
    input: fc.constant(input),
    facts: fc.shuffledSubarray(input.facts, { minLength: input.facts.length }),
    proofs: fc.shuffledSubarray(input.proofs, { minLength: input.proofs.length }),
  }),
);

test('the fold does not depend on the order of facts and proofs, nor on hearing them twice', () => {
  fc.assert(
    fc.property(inTwoOrders, ({ input, facts, proofs }) => {
      const { rankings } = input;
      const once = fold(input);
      const other = fold({ facts, proofs, rankings });
      const twice = fold({ facts: [...facts, ...facts], proofs: [...proofs, ...proofs], rankings });
      assert.deepEqual(sorted(other.winners, once.winners), once.winners);
      assert.deepEqual(sorted(twice.winners, once.winners), once.winners);
      assert.deepEqual([...other.silenced].toSorted(), [...once.silenced].toSorted());
    }),
    { numRuns: 1000 },
  );
});

/** The entries of one map in the order of another, for Maps are compared in order. */
function sorted<V>(map: ReadonlyMap<string, V>, like: ReadonlyMap<string, V>): Map<string, V> {
  const entries = [...map].toSorted(([a], [b]) => [...like.keys()].indexOf(a) - [...like.keys()].indexOf(b));
  return new Map(entries);
}

test('folding what has won gives the same again', () => {
  fc.assert(
    fc.property(anyInput, ({ facts, proofs, rankings }) => {
      const { winners } = fold({ facts, proofs, rankings });
      const won = [...winners.values()].map(({ value, fact: source }) => ({ ...source, value }));
      const again = fold({ facts: won, proofs, rankings }).winners;
      for (const [path, { value }] of winners) assert.deepEqual(again.get(path)?.value, value);
      assert.equal(again.size, winners.size);
    }),
    { numRuns: 1000 },
  );
});

test('a fact that loses changes nothing when it goes', () => {
  fc.assert(
    fc.property(anyInput, ({ facts, proofs, rankings }) => {
      const { winners } = fold({ facts, proofs, rankings });
      const losers = facts.filter((one) => one.kind === 'said' && winners.get(one.path)?.fact.id !== one.id);
      const [gone] = losers;
      const left = fold({ facts: facts.filter((one) => one !== gone), proofs, rankings });
      assert.deepEqual(sorted(left.winners, winners), winners);
    }),
    { numRuns: 1000 },
  );
});
