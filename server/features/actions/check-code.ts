import { type Node, parse } from 'acorn';
import { Problem } from '../../base/errors.ts';
import { apiPaths } from './api-paths.ts';
import { impossibleFactor } from './factor-types.ts';
import { refusedMembers, type TriggerId, triggers } from './triggers.ts';

/**
 * Looks at an action's code as it is saved: whether it is JavaScript, and whether it asks `api` for something that
 * cannot work at this trigger, or for a factor that there is not. What is hidden from this look (`api[name]`) throws with its name when it is called.
 *
 * @throws Problem `invalid_body` that names line and column, or the member
 */
export function checkCode(trigger: TriggerId, code: string): void {
  const program = parseCode(code);
  const { execute, resume } = triggers[trigger];
  const asked = apiPaths(
    program,
    [execute, resume].filter((name) => name !== undefined),
  );
  const refused = refusedMembers(trigger);
  for (const { path, line } of asked) {
    const isRefused = refused.includes(path) || isRefusedGroup(path, trigger, refused);
    if (isRefused) {
      throw invalid(`api.${path} (line ${line}) cannot work here at ${trigger}: take it out, or do it another way`);
    }
  }
  const factor = impossibleFactor(program);
  if (factor) {
    const { type, call, line } = factor;
    throw invalid(`The factor ${type} (line ${line}) cannot work here in api.authentication.${call}: ask for another`);
  }
}

/** A whole group that has nothing to offer here, such as `const saml = api.samlResponse`. */
function isRefusedGroup(path: string, trigger: TriggerId, refused: readonly string[]): boolean {
  if (path.includes('.')) return false;
  const isOf = (name: string) => name.startsWith(`${path}.`);
  return refused.some(isOf) && !triggers[trigger].members.some(isOf);
}

/** The code as the body of a function, as CommonJS has it: `return` may stand outside of all others. */
function parseCode(code: string): Node {
  try {
    return parse(code, { ecmaVersion: 'latest', locations: true, allowReturnOutsideFunction: true });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, what = error.message, line = '1', column = '0'] = /^(.*) \((\d+):(\d+)\)$/.exec(error.message) ?? [];
    throw invalid(`${what.replaceAll("'", '"')} (line ${line}, column ${Number(column) + 1})`);
  }
}

function invalid(what: string): Problem {
  return new Problem('invalid_body', `Payload validation error: '${what}' on property code.`);
}
