import { type AnyNode, type Node, parse } from 'acorn';
import type { Finding } from '../../../contract/code-check.ts';
import { managementCalls, noSuchPath } from '../../base/management-calls.ts';
import { refusedRequires } from '../../base/sandbox/world-names.ts';
import { isTooDeep, nestedTooDeeply, walk } from '../../base/syntax-tree.ts';
import { absentMembers } from './absent-members.ts';
import { membersNotHere } from './event-members.ts';
import { impossibleFactors } from './factor-types.ts';
import { isDifferent, isStopping } from './finding-kinds.ts';
import { formsAsked } from './forms-asked.ts';
import { mayExport } from './handler.ts';
import { memberPaths } from './member-paths.ts';
import { nearestTo, otherWay } from './other-ways.ts';
import { secretsRead } from './secrets-read.ts';
import { refusedMembers, type TriggerId, triggers } from './triggers.ts';

/** How many members that nobody has are told, so that code cannot make an answer long. */
const mostAbsent = 20;

/** What it is about, where that stands, and what is said of it. */
type Fault = { readonly what: string; readonly says?: string; readonly line: number; readonly column?: number };

/**
 * What is wrong with the code of a draft, in one sentence for each; null: nothing. It is called by `readApart`, as is
 * `readCode`.
 *
 * @param toRun it must export what is called at its trigger, too
 */
export function faultOf(trigger: TriggerId, code: string, toRun: boolean): string | null {
  const parsed = parseCode(trigger, code);
  const faults = 'fault' in parsed ? [parsed.fault] : faultsIn(trigger, parsed.program);
  if (faults.length > 0) return faults.map(toSentence).join('; ');
  const runs = !toRun || ('program' in parsed && mayExport(parsed.program, triggers[trigger].execute));
  return runs ? null : noHandler(trigger);
}

/** All that can be said of code without running it, in the order of its lines; see `judgeCode`. */
export function readCode(
  trigger: TriggerId,
  code: string,
  questions: ReadonlySet<string>,
  secrets: ReadonlySet<string> | undefined,
): Finding[] {
  const parsed = parseCode(trigger, code);
  if ('fault' in parsed) return [toFinding(parsed.fault)];
  const { program } = parsed;
  const nodes = [...walk(program)];
  const absent = membersNotHere(trigger);
  const differences = memberPaths(program, handlersOf(trigger), 'event', Object.keys(absent));
  const findings: Finding[] = [
    ...faultsIn(trigger, program).map(toFinding),
    ...differences.map(({ path, line }) => ({ message: `event.${path} ${absent[path]}.`, line, ...isDifferent })),
    ...formsAsked(program).flatMap(({ name, line }) => {
      return questions.has(name) ? [] : [{ message: noQuestion(name), line, stops: false, waits: true }];
    }),

    ...missingSecrets(trigger, program, secrets),
    ...missingPaths(nodes),
    ...refusedRequires(nodes).map((one) => ({ ...one, ...isStopping })),
  ];
  const inOrder = findings.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
  if (mayExport(program, triggers[trigger].execute)) return inOrder;
  return [{ message: noHandler(trigger), line: null, ...isStopping }, ...inOrder];
}

/** What it asks of the Management API that is not there. Its client has powers of its own, and reaches whom they reach. */
function missingPaths(nodes: readonly AnyNode[]): Finding[] {
  return managementCalls(nodes).flatMap(({ need, line }) => {
    return need === 'others' ? [] : { message: noSuchPath(need.absent), line, ...isStopping };
  });
}

/** Secrets that are read and not there: the code finds `undefined` in their place. */
function missingSecrets(trigger: TriggerId, program: Node, secrets: ReadonlySet<string> | undefined): Finding[] {
  if (!secrets) return [];
  const missing = secretsRead(program, handlersOf(trigger)).filter(({ name }) => !secrets.has(name));
  return missing.slice(0, mostAbsent).map(({ name, line }) => {
    const short = name.slice(0, 100);
    const message = `The code reads event.secrets.${short}; there is no secret of that name.`;
    return { message, line, ...isDifferent };
  });
}

function faultsIn(trigger: TriggerId, program: Node): Fault[] {
  const refused = refusedMembers(trigger);
  const groups = [...new Set(refused.flatMap((path) => path.split('.').slice(0, 1)))];
  const sought = [...refused, ...groups.filter((group) => isEmptyGroup(group, trigger))];
  const asked = memberPaths(program, handlersOf(trigger), 'api', sought);
  // `const saml = api.samlResponse` is told by itself only where nothing of it is asked for.
  const told = asked.filter(({ path }) => !asked.some((other) => other.path.startsWith(`${path}.`)));
  const there = new Set(
    [...triggers[trigger].members, ...refused].flatMap((path) => [path, ...path.split('.').slice(0, 1)]),
  );
  const ofEmpty = (path: string) => sought.some((group) => path.startsWith(`${group}.`));
  const absent = absentMembers(program, handlersOf(trigger), (path) => there.has(path) || ofEmpty(path)).slice(
    0,
    mostAbsent,
  );
  const faults = [
    ...told.map(({ path, line }) => {
      return { what: `api.${path}`, line, says: `cannot work here at ${trigger}: ${otherWay(path, trigger)}` };
    }),
    ...absent.map(({ path, line }) => {
      return {
        what: `api.${path.slice(0, 100)}`,
        line,
        says: `is not there at ${trigger}: ${nearestTo(path, trigger)}`,
      };
    }),
    ...importsIn(program).map((line) => ({ what: 'import()', line, says: 'cannot work here: use require("name")' })),
    ...impossibleFactors(program).map(({ type, call, line }) => {
      return {
        what: `The factor ${type}`,
        line,
        says: `cannot work here in api.authentication.${call}: ask for another`,
      };
    }),
  ].toSorted((one, other) => one.line - other.line);
  // Each once, at the first line where it holds.
  return [...Map.groupBy(faults, ({ what, says }) => `${what} ${says}`).values()].flatMap(([first]) => first ?? []);
}

/** Lines on which modules are asked for by `import()`. */
function importsIn(program: Node): number[] {
  return [...walk(program)].flatMap(({ type, loc }) => (type === 'ImportExpression' ? [loc?.start.line ?? 0] : []));
}

function handlersOf(trigger: TriggerId): string[] {
  const { execute, resume } = triggers[trigger];
  return [execute, resume].filter((name) => name !== undefined);
}

/** A whole group that has nothing to offer here. */
function isEmptyGroup(group: string, trigger: TriggerId): boolean {
  return !triggers[trigger].members.some((name) => name.startsWith(`${group}.`));
}

/** The code as the body of a function, as CommonJS has it: `return` may stand outside of all others. */
function parseCode(trigger: TriggerId, code: string): { readonly program: Node } | { readonly fault: Fault } {
  try {
    return { program: parse(code, { ecmaVersion: 'latest', locations: true, allowReturnOutsideFunction: true }) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, told = error.message, line = '1', column = '0'] = /^(.*) \((\d+):(\d+)\)$/.exec(error.message) ?? [];
    const where = { line: Number(line), column: Number(column) + 1 };
    if (/sourceType: module|outside a module/.test(told)) {
      return { fault: { what: 'import and export', ...where, says: inCommonJs(trigger) } };
    }
    const what = isTooDeep(error) ? nestedTooDeeply : told.replaceAll("'", '"');
    return { fault: { what, ...where } };
  }
}

function toSentence({ what, line, column, says }: Fault): string {
  const where = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  return [what, `(${where})`, says].filter((part) => part !== undefined).join(' ');
}

function toFinding({ what, line, column, says }: Fault): Finding {
  const where = column === undefined ? undefined : `(column ${column})`;
  return { message: [what, where, says].filter((part) => part !== undefined).join(' '), line, ...isStopping };
}

/** What is said of code with `import` and `export`. */
function inCommonJs(trigger: TriggerId): string {
  return `cannot work here: write const { a } = require("name") in place of import, and exports.${triggers[trigger].execute} = async (event, api) => { ... } in place of export`;
}

function noHandler(trigger: TriggerId): string {
  return `exports.${triggers[trigger].execute} is missing: it is what runs at ${trigger}`;
}

function noQuestion(name: string): string {
  return `There is no question "${name.slice(0, 100)}": forms of Auth0 do not come along. Make a question of this name, or put the name of another one into api.prompt.render; until then it fails, and refuses who signs in.`;
}
