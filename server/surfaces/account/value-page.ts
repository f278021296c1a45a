import { transact } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { checkNotLastWayIn, type TimelineName, tellOnce, timelineNames } from '../../features/accounts/accounts.ts';
import {
  appendTimeline,
  type Correction,
  correct,
  explain,
  knownOf,
  markOfItem,
  markOfNothing,
} from '../../features/customers/customers.ts';
import { askedBy, type Form, readForm, textField } from '../login/login.ts';
import { type AccountPage, type Again, goToAccount, showAccount } from './account-page.ts';
import type { AccountVisit } from './account-visit.ts';
import { canChangeEmail } from './email-pages.ts';
import { catalogueOf, kindOf, mayDo, mayDoAbout, nameOf, sourceInWords, wordsOf } from './known-values.ts';
import { ruleValueAt, toldByRule } from './library-values.ts';
import { canChangePhone } from './phone-pages.ts';
import { readValue } from './read-value.ts';
import { fieldOf } from './value-field.ts';
import { itemInWords } from './value-words.ts';

/** One value: who says what of it; correct it, delete it, say that it is not for me. */
export const valuePage: AccountPage = {
  path: '/known/value',
  under: '/known',
  fresh: true,
  query: ({ path = '' }) => ({ path }),
  show,
  acts: {
    async correct(at, form) {
      const { path, attribute, one, may } = await lookUp(at, form);
      const field = may === 'change' ? fieldOf(at, path, attribute, one?.value) : undefined;
      if (!field) throw new Problem('access_denied');
      return change(at, 'value_corrected', { path, say: readValue(form, field), seen: seenIn(form) });
    },
    async withdraw(at, form) {
      const { path } = await lookUpOwn(at, form);
      return change(at, 'value_deleted', { path, withdraw: true, seen: seenIn(form) });
    },
    async exclude(at, form) {
      const { path } = await lookUpOwn(at, form);
      const { item } = form;
      if (item === undefined) return change(at, 'value_excluded', { path, exclude: 'value', seen: seenIn(form) });
      return change(at, 'value_excluded', { path, exclude: 'item', item });
    },
  },
};

const perPage = 100;

async function show(at: AccountVisit, again?: Again) {
  const query = again?.form ?? readForm(at.request.query);
  const { path, catalogue, attribute, kind, one, may } = await lookUp(at, query);
  const facts = (await explain(at.base.db, at.owner.customer.id)).filter((fact) => fact.path === path);
  // What the umbrella says at the same path is its own, unless it is listed.
  const isTheirs = ({ origin }: (typeof facts)[number]) =>
    mayDo(path, attribute, toldByRule(at.base, path, origin)) !== 'nothing';
  const items = (may === 'change' || may === 'delete') && Array.isArray(one?.value) ? one.value : [];
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const page = Math.min(pages, Math.max(1, Number.parseInt(query.page ?? '1', 10) || 1));
  const model = {
    path,
    label: nameOf(at, catalogue, path),
    words: one && items.length === 0 ? wordsOf(at, one, attribute) : undefined,
    mark: one?.mark ?? markOfNothing,
    why: one && (await sourceInWords(at, one)),
    picture:
      path === 'picture' && typeof one?.value === 'string' && one.value.startsWith('https:') ? one.value : undefined,
    may,
    is_address: path === 'email' || path === 'phone_number',
    change_at: await changedAt(at, path, one !== undefined),
    field: may === 'change' ? fieldOf(at, path, attribute, one?.value) : undefined,
    typed: again?.form,
    items: items
      .slice((page - 1) * perPage, page * perPage)
      .map((item) => ({ words: itemInWords(at, item, kind), mark: markOfItem(item) })),
    page,
    pages,
    others: await Promise.all(
      facts
        .filter((fact) => fact.kind === 'said' && !fact.wins && isTheirs(fact))
        .map(async (fact) => ({ words: wordsOf(at, fact, attribute), source: await sourceInWords(at, fact) })),
    ),
    excluded: [
      ...new Set(
        facts
          .filter(({ kind, source }) => kind === 'excluded' && (source === 'customer' || source === 'asked'))
          .map((fact) => itemInWords(at, fact.value, kind)),
      ),
    ],
  };
  return showAccount(at, 'value', model, again);
}

/** The value that an address or a form is about. Throws `not_found` for what the customer is not shown. */
async function lookUp(at: AccountVisit, { path = '' }: Form) {
  const catalogue = await catalogueOf(at);
  const attribute = catalogue.get(path);
  const { known, silenced } = await knownOf(at.base.db, at.owner.customer.id);
  const one = known.find((value) => value.path === path);
  const isSilenced = silenced.some((gone) => gone.path === path);
  const isThere = one !== undefined || attribute !== undefined || isSilenced;
  const told = one ? toldByRule(at.base, path, one.origin) : isSilenced ? ruleValueAt(at.base, path) : undefined;
  const may = await mayDoAbout(at, path, attribute, one, told);
  if (!isThere || may === 'nothing') {
    throw new Problem('not_found', undefined, { text: 'problem.value_gone' });
  }
  return { path, catalogue, attribute, kind: kindOf(attribute, told?.value), one, may };
}

/** The same for a value that is the customer's to take away. */
async function lookUpOwn(at: AccountVisit, form: Form) {
  const looked = await lookUp(at, form);
  if (looked.may !== 'change' && looked.may !== 'delete') throw new Problem('access_denied');
  return looked;
}

/** Where another address or number is proven, and what the button to there says; undefined where none can be. */
async function changedAt(at: AccountVisit, path: string, isThere: boolean) {
  if (path === 'email' && (await canChangeEmail(at)))
    return { href: '/account/email', key: isThere ? 'ways.change_email' : 'ways.add_email' };
  if (path === 'phone_number' && (await canChangePhone(at)))
    return { href: '/account/phone', key: isThere ? 'ways.change_phone' : 'ways.add_phone' };
  return undefined;
}

function seenIn(form: Form): string {
  return textField(form, 'seen', 100);
}

async function change(at: AccountVisit, name: TimelineName, correction: Correction) {
  const { base, owner, visit } = at;
  const { path } = correction;
  const { customer, subject } = owner;
  await transact(base.db, async (tx) => {
    await correct(tx, customer.id, correction, { origin: 'account', at: visit.at }).catch(sayChanged);
    // An address or number that is deleted opens the account no more.
    if (path === 'email' || path === 'phone_number') await checkNotLastWayIn(tx, customer.id);
    await tellOnce(base, tx, { customer: customer.id, kind: 'profile_changed', asked: askedBy(visit) });
    const { ip, userAgent, brand, portal, session, at: occurredAt } = visit;
    const row = { subject, name, class: timelineNames[name].class, source: 'account', occurredAt } as const;
    await appendTimeline(tx, [
      { ...row, brand: brand.id, portal: portal.client_id, ip, userAgent, session, data: { path } },
    ]);
  });
  const what = nameOf(at, await catalogueOf(at), path);
  const isItem = 'item' in correction;
  return goToAccount(at, isItem ? '/known/value' : '/known', { done: name, what }, isItem ? { path } : {});
}

function sayChanged(error: unknown): never {
  throw isProblem(error, 'value_changed')
    ? new Problem(error.code, undefined, { text: 'problem.value_changed' })
    : error;
}
