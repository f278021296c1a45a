import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { createHttpCall } from '../../base/sandbox/http-call.ts';
import type { HostCall } from '../../base/sandbox/sandbox.ts';
import { readRunning } from '../../features/rules/rules.ts';

/** What actions may call: HTTP, past the same checks as every request that leaves the server. */
export function hostOf({ outgoing }: Pick<Base, 'outgoing'>): HostCall {
  const http = createHttpCall({ outgoing });
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
