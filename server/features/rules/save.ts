import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { alphanumeric } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import { checkScript } from './check-script.ts';
import type { LibraryRule } from './library-rule.ts';
import { knownRule, readSettings, refuseElsewhere } from './library-settings.ts';
import type { OnFailure } from './rule.ts';
import * as store from './store.ts';
import { type Author, insertVersion, readVersion } from './versions-store.ts';

type Ground = Pick<Base, 'db' | 'settings' | 'vault'>;

const mostRules = 200;

type Common = {
  readonly name: string;
  /** Lower ones run first; behind all others when left out. */
  readonly order?: number | undefined;
  readonly enabled?: boolean | undefined;
};

/** A rule of the umbrella's own code. @throws Problem `invalid_body` where the script is wrong, `already_exists` */
export async function createRule(
  base: Ground,
  draft: Common & { script: string },
  author: Author,
): Promise<store.RuleRow> {
  await checkScript(draft.script);
  const code = { script: draft.script, library: null, settings: null, secrets: null };
  return insert(base, draft, { ...code, on_failure: 'refuse', deadline_ms: null }, author);
}

/** Switches a rule of the library on. @throws Problem `not_found`, `invalid_body`, `already_exists` */
export function addLibraryRule(
  base: Ground,
  draft: Omit<Common, 'name'> & {
    readonly name?: string | undefined;
    readonly library: string;
    readonly settings: JsonObject;
    readonly onFailure?: OnFailure | undefined;
    readonly deadlineMs?: number | undefined;
  },
  author: Author,
): Promise<store.RuleRow> {
  const known = knownRule(base, draft.library);
  const { settings, secrets } = readSettings(base, known, draft.settings, {});
  const { name = known.name, onFailure = known.onFailure, deadlineMs = known.deadlineMs } = draft;
  const code = { script: null, library: known.id, settings, secrets };
  const running = { on_failure: onFailure, deadline_ms: deadlineMs };
  return insert(base, { ...draft, name }, { ...code, ...running }, author, (tx) => refuseSecond(tx, known));
}

/** Its address, key, figures and what was asked before are one server's: a second one would use those of the first. */
async function refuseSecond(tx: Db, { id, callsOutside }: LibraryRule): Promise<void> {
  if (!callsOutside || !(await store.hasLibraryRule(tx, id))) return;
  throw new Problem(
    'already_exists',
    'This ready rule is here already, on or off. It is for one server: change its settings, or write a rule of your own for another.',
    { errorCode: 'rule_conflict' },
  );
}

function insert(
  { db, settings }: Ground,
  { name, order, enabled = true }: Common,
  code: Omit<store.RuleColumns, 'name' | 'place' | 'enabled'>,
  author: Author,
  check?: (tx: Db) => Promise<void>,
): Promise<store.RuleRow> {
  return transact(db, async (tx) => {
    // Who changes any setting waits here for whoever came first.
    await settings.changed(tx);
    await check?.(tx);
    if ((await store.countRules(tx)) >= mostRules) {
      throw new Problem('access_denied', `There are ${mostRules} rules at most.`, { errorCode: 'too_many_entities' });
    }
    const place = order ?? (await store.nextPlace(tx));
    const row = await store
      .insertRule(tx, `rul_${alphanumeric(16)}`, { name, place, enabled, ...code }, now())
      .catch(refuseTaken);
    await insertVersion(tx, row, author, null);
    return row;
  });
}

export type RulePatch = {
  readonly name?: string | undefined;
  readonly order?: number | undefined;
  readonly enabled?: boolean | undefined;
  readonly script?: string | undefined;
  readonly onFailure?: OnFailure | undefined;
  readonly deadlineMs?: number | null | undefined;
  /** Of a library rule; secret ones that are left out stay. */
  readonly settings?: JsonObject | undefined;
};

/**
 * Changes a rule; what it does or how it runs becomes a version of its own.
 *
 * @param act `check`: refuses, by what is there now
 * @throws Problem `not_found`, `invalid_body`, `already_exists`
 */
export async function changeRule(
  base: Ground,
  id: string,
  patch: RulePatch,
  { author, check }: { author: Author; check?: ((present: store.RuleRow) => void) | undefined },
): Promise<store.RuleRow> {
  const { script } = patch;
  if (script !== undefined) await checkScript(script);
  return change(base, id, author, (present) => {
    check?.(present);
    if (script !== undefined && present.library !== null) {
      throw new Problem('invalid_body', "Payload validation error: 'A library rule keeps its own' on property script.");
    }
    const { name, order, enabled, onFailure, deadlineMs } = patch;
    const columns = { name, place: order, enabled, script, on_failure: onFailure, deadline_ms: deadlineMs };
    return { ...defined(columns), ...(patch.settings && settingsOf(base, present, patch.settings)) };
  });
}

/** Brings back what a version was: a save like any other. @throws Problem `not_found` */
export function restoreVersion(base: Ground, id: string, version: number, author: Author): Promise<store.RuleRow> {
  return transact(base.db, async (tx) => {
    const found = await readVersion(tx, id, version);
    if (!found)
      throw new Problem('not_found', 'The rule has no such version', { errorCode: 'inexistent_rule_version' });
    const { name, script, settings, on_failure, deadline_ms } = found;
    const columns = {
      name,
      script,
      on_failure: on_failure === 'go_on' ? 'go_on' : 'refuse',
      deadline_ms,
      ...(settings !== null && { settings: JSON.stringify(settings) }),
    } as const;
    const decide = (present: store.RuleRow) => {
      if (settings !== null) refuseElsewhere(base, present, settings);
      return columns;
    };
    return change({ ...base, db: tx }, id, author, decide, version);
  });
}

function change(
  { db, settings }: Ground,
  id: string,
  author: Author,
  decide: (present: store.RuleRow) => Partial<store.RuleColumns>,
  restored: number | null = null,
): Promise<store.RuleRow> {
  return transact(db, async (tx) => {
    await settings.changed(tx);
    const present = await store.holdRule(tx, id);
    if (!present) throw missingRule();
    const { place, enabled, ...saved } = decide(present);
    const isSaved = Object.keys(saved).length > 0;
    const version = isSaved ? present.version + 1 : present.version;
    const columns = { ...defined({ place, enabled }), ...saved, version };
    const row = await store.updateRuleRow(tx, id, columns, now()).catch(refuseTaken);
    if (isSaved) await insertVersion(tx, row, author, restored);
    return row;
  });
}

/** Settings of a library rule; those that are secret and left out stay as they are. */
function settingsOf(base: Ground, present: store.RuleRow, settings: JsonObject) {
  if (present.library === null) {
    throw new Problem('invalid_body', "Payload validation error: 'Only library rules have them' on property settings.");
  }
  return readSettings(base, knownRule(base, present.library), settings, present);
}

/** Nothing happens when it is gone already. */
export function removeRule(
  { db, settings }: Pick<Base, 'db' | 'settings'>,
  id: string,
  check: (present: store.RuleRow) => void = () => {},
): Promise<void> {
  return transact(db, async (tx) => {
    await settings.changed(tx);
    const present = await store.holdRule(tx, id);
    if (present) check(present);
    await store.deleteRule(tx, id);
  });
}

/** Lets all rules run in this order. @throws Problem `conflict` unless these are all of them, each once */
export function orderRules({ db, settings }: Pick<Base, 'db' | 'settings'>, ids: readonly string[]): Promise<void> {
  return transact(db, async (tx) => {
    await settings.changed(tx);
    const isEach = new Set(ids).size === ids.length && ids.length === (await store.countRules(tx));
    if (!isEach || (await store.placeRules(tx, ids, now())) !== ids.length) {
      throw new Problem('conflict', 'These are not all rules, each once. Look at which there are now and try again.');
    }
  });
}

/** @throws Problem `not_found` */
export async function getRule(db: Db, id: string): Promise<store.RuleRow> {
  const row = await store.readRule(db, id);
  if (!row) throw missingRule();
  return row;
}

function missingRule(): Problem {
  return new Problem('not_found', 'Rule not found.', { errorCode: 'inexistent_rule' });
}

function refuseTaken(error: unknown): never {
  if (isUniqueViolation(error, 'rules_name')) {
    throw new Problem('already_exists', 'A rule with the same name already exists', { errorCode: 'rule_conflict' });
  }
  if (isUniqueViolation(error, 'rules_place')) {
    throw new Problem('already_exists', 'A rule with the same order already exists', { errorCode: 'rule_conflict' });
  }
  throw error;
}

function defined(columns: { [Name in keyof store.RuleColumns]?: store.RuleColumns[Name] | undefined }) {
  const given: Partial<store.RuleColumns> = Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== undefined),
  );
  return given;
}
