import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { ownCallDepth } from '../../base/own-calls.ts';
import { createHttpCall } from '../../base/sandbox/http-call.ts';
import { failureLines } from '../../base/sandbox/marked-lines.ts';
import type { HostCall } from '../../base/sandbox/sandbox.ts';
import type { Outcome } from '../../features/actions/actions.ts';
import { countRuns, keepLines, readRunning } from '../../features/rules/rules.ts';
import { answerOwn } from './own-server.ts';

/**
 * What actions may call: HTTP, past the same checks as every request that leaves the server; addresses of the server's
 * own are answered inside of it.
 *
 * @param who `depth` where the run goes back to an act that was done before; left out: as it is now
 */
export function hostOf(
  base: Pick<Base, 'outgoing' | 'config' | 'settings'>,
  { ip, depth = ownCallDepth() }: { readonly ip: string | undefined; readonly depth?: number },
): HostCall {
  const http = createHttpCall({
    outgoing: base.outgoing,
    inProcess: (request, signal) => answerOwn(base, request, { ip, depth }, signal),
  });
  return async (name, argument, call) => {
    if (name !== 'http') throw new Problem('not_found', `There is nothing to call by the name ${name.slice(0, 50)}.`);
    return http(argument, call);
  };
}

/** How long code may take at a trigger; undefined: the umbrella has switched all of its code off. */
export async function deadlineOf(base: Pick<Base, 'db' | 'settings'>): Promise<number | undefined> {
  const { skipped, deadlineMs } = await base.settings.remember('code-running', () => readRunning(base.db));
  return skipped ? undefined : deadlineMs;
}

/** Keeps what actions printed and how they did: for the console, and for nobody who waits. */
export function keepRuns(
  base: Pick<Base, 'db' | 'settings' | 'log'>,
  customer: string | undefined,
  { runs, refused, printed }: Outcome,
): void {
  keepLines(base, customer ?? null, [...printed, ...failureLines(runs)], 'action');
  countRuns(
    base,
    runs.map((run) => ({ ...run, refused: refused?.action === run.id && refused.by !== 'failed' })),
  );
}
