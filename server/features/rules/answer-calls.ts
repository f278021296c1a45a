import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Problem } from '../../base/errors.ts';
import { foreignJson } from '../../base/json.ts';
import type { HostCall } from '../../base/sandbox/sandbox.ts';
import { endedCall } from './driven.ts';

/**
 * Answers what rules call, in their names (`update_user_metadata`, `update_app_metadata`, `http`, and what library
 * rules call). The argument is whatever the code chose to send: to be checked before it is used.
 *
 * @param call `source`: which rule calls, as facts name their source (`rule:<id>`, `library:<id>`); undefined with `http`
 */
export type RulesHost = (
  name: string,
  argument: unknown,
  call: { readonly key: string; readonly signal: AbortSignal; readonly source: string | undefined },
) => Promise<unknown>;

// A call that is begun right behind the last callback comes within this time,
const beginMs = 25;
// and one that an answer leads to within this.
const followMs = 250;
/** Characters of what a call is told, HTTP apart: a few values of a profile as large as they may be. */
const mostTold = 2 ** 18;
const envelope = z.object({ by: z.int(), value: z.unknown() });
const endedText = z.string().transform(foreignJson);

/**
 * The calls of one run, in the names of its rules. The end, which scripts that call out tell before they are done, is
 * answered when no call is open any more and none was begun for a moment: until then the run goes on.
 */
export function answerCalls(
  rules: readonly { readonly source: string }[],
  host: RulesHost,
  tellEnd: (end: unknown) => void,
): HostCall {
  let open = 0;
  let begun = 0;

  async function quiet(signal: AbortSignal): Promise<void> {
    let seen = begun;
    let isQuiet = open === 0;
    await pause(beginMs);
    while (!signal.aborted && !(isQuiet && open === 0 && seen === begun)) {
      [seen, isQuiet] = [begun, open === 0];
      await pause(followMs);
    }
  }

  return async (name, argument, call) => {
    if (name === endedCall) {
      tellEnd(endedText.parse(argument));
      await quiet(call.signal);
      return null;
    }
    open += 1;
    begun += 1;
    try {
      if (name === 'http') return await host(name, argument, { ...call, source: undefined });
      if (call.characters > mostTold) {
        throw new Problem('invalid_body', `A call is told ${mostTold} characters of JSON at most.`);
      }
      const { by, value } = envelope.parse(argument);
      return await host(name, value, { ...call, source: rules[by]?.source });
    } finally {
      open -= 1;
    }
  };
}
