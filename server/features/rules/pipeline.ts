import { profileClaims, refusedClaims } from '../../../contract/claims.ts';
import type { Base } from '../../base/base.ts';
import type { Program } from '../../base/sandbox/sandbox.ts';
import { readConfiguration } from './configs.ts';
import type { DrivenRule } from './driven.ts';
import { libraryOf, scriptOf } from './library.ts';
import type { LibraryRule } from './library-rule.ts';
import { programOf } from './program.ts';
import { goOnDeadlineMs, type OnFailure } from './rule.ts';
import { readRunning } from './running.ts';
import { secretsOf } from './sealed-settings.ts';
import { type RuleRow, readRules } from './store.ts';

/** Rules ready to be run. */
export type Pipeline = {
  readonly rules: readonly PipelineRule[];
  readonly program: Program;
  readonly deadlineMs: number;
};

export type PipelineRule = DrivenRule & {
  readonly name: string;
  /** The source of facts that it tells: `rule:<id>`, `library:<id>`. */
  readonly source: string;
  /** The consent that a library rule needs. */
  readonly needs?: Pick<LibraryRule, 'needsConsent' | 'topicIsEnough'> | undefined;
};

type Ground = Pick<Base, 'db' | 'settings' | 'vault'>;
/** A rule with what it runs; `configuration` is JSON. */
type Scripted = { readonly rule: PipelineRule; readonly script: string; readonly configuration: string };

const mostState = 512 * 1024;
/** Characters of JSON that what a script says of one token may take. */
export const mostClaims = 100_000;
// A rule finds the scopes at `context.accessToken.scope`, and changes them there.
const refusedByRules = {
  ...refusedClaims,
  accessToken: refusedClaims.accessToken.filter((name) => name !== 'scope'),
};

/** The rules that are on, from this process's memory; undefined: none is, or all are skipped. */
export function pipeline(base: Ground): Promise<Pipeline | undefined> {
  return base.settings.remember('rules:pipeline', async () => {
    const { skipped, deadlineMs } = await readRunning(base.db);
    if (skipped) return undefined;
    const rows = await readRules(base.db, { enabled: true });
    if (rows.length === 0) return undefined;
    const configuration = JSON.stringify(await readConfiguration(base));
    return preparePipeline(
      'rules',
      rows.map((row) => toScripted(base, row, configuration)),
      deadlineMs,
    );
  });
}

/** A pipeline of these, in this order; programs of one name replace each other. */
export async function preparePipeline(
  programName: string,
  scripted: readonly Scripted[],
  deadlineMs: number,
): Promise<Pipeline> {
  const rules = scripted.map(({ rule }) => rule);
  const scripts = scripted.map(({ script }) => script);
  const program = await programOf(
    programName,
    {
      rules: rules.map(({ id, name, isLibrary, onFailure, deadlineMs: own }) => ({
        id,
        name,
        isLibrary,
        onFailure,
        deadlineMs: own,
      })),
      configurations: scripted.map((one) => one.configuration),
      callsOut: scripts.some(callsOut),
      mostState,
      mostClaims,
      profileClaims,
      refusedClaims: refusedByRules,
    },
    scripted.map(({ rule, script }) => ({ name: rule.name, script })),
  );
  return { rules, program, deadlineMs };
}

function toScripted(base: Ground, row: RuleRow, configuration: string): Scripted {
  const { id, name, library, script, deadline_ms } = row;
  const onFailure: OnFailure = row.on_failure === 'go_on' ? 'go_on' : 'refuse';
  const deadlineMs = deadline_ms ?? (onFailure === 'go_on' ? goOnDeadlineMs : null);
  const common = { id, name, onFailure, deadlineMs };
  if (script !== null) return { rule: { ...common, isLibrary: false, source: `rule:${id}` }, script, configuration };
  const known = libraryOf(base).get(library ?? '');
  const rule = { ...common, isLibrary: true, source: `library:${library}` };
  // It fails under its own policy: one that guards the door is not left out in silence.
  if (!known) return { rule, script: missing, configuration: '{}' };
  const settings = JSON.stringify({ ...Object(row.settings), ...secretsOf(base, row) });
  return { rule: { ...rule, needs: known }, script: scriptOf(known), configuration: settings };
}

const missing = `function () { throw new Error('This server has no such library rule.'); }`;

/** Can the script begin something that goes on after its callback? Who hides it has it cut off there. */
function callsOut(script: string): boolean {
  return /\b(require|fetch|request|auth0|regulars|globalThis)\b/.test(script);
}
