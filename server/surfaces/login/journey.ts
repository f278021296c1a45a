import type { Base } from '../../base/base.ts';
import type { AtDoor } from '../../features/accounts/accounts.ts';
import type { Decided, SignIn } from '../oidc/oidc.ts';
import { ask, askFirst } from './ask.ts';
import { factor, lacksFactor } from './factor.ts';
import { finish, type Turn } from './finish.ts';
import type { PageNeeded } from './found.ts';
import { guard } from './guard.ts';
import { type Held, hold } from './held.ts';
import { holdBack } from './hold-back.ts';
import { learn } from './learn.ts';
import { type Door, prove } from './prove.ts';
import { record } from './record.ts';
import { resolve } from './resolve.ts';
import { catchUp, saidYesTo } from './rules/catch-up.ts';
import type { Refused } from './rules/ruling.ts';
import { rules } from './rules.ts';
import { senseSignals } from './signals.ts';
import type { Visit } from './visit.ts';

/**
 * One sign-in, from the door to the tokens. Each line is one verb; a step that needs a page first ends the run, and
 * what was proven so far is kept in the flow, so that the next run goes on from there.
 *
 * @throws Problem for a clear refusal (wrong password, blocked, ...): nothing of the sign-in is written then
 */
export async function signIn(base: Base, visit: Visit, door: Door): Promise<Turn> {
  const second = 'second' in door ? door.second : undefined;
  const proven = await prove(base, visit, door); // 1 who is at the door, and how that was proven
  try {
    const found = await resolve(base, visit, proven); // 2 which customer that is: known, joining, or new
    if ('page' in found) return found;
    guard(found.kind === 'new' ? undefined : found.customer); // 3 blocked?
    const leaving = holdBack(base, visit, proven, found); //   about to be erased: keep the account?
    if (leaving) return leaving;
    const told = await learn(base, visit, proven, found); // 4 what the network tells, as facts
    const signals = await senseSignals(base, visit, proven, found); //   and what the device and the IP address tell
    const ruled = await rules(base, visit, { proven, found, told, signals }); // 5 the umbrella's own code
    if (!('decided' in ruled)) return ruled;
    const passed = await factor(base, visit, ruled, second); // 6 a second factor, if one is asked for
    if ('page' in passed) return passed;
    const first = await askFirst(base, visit, ruled.found); // who passes no page cannot be asked afterwards
    if (first) return first;
    const recorded = await record(base, visit, { ...ruled, signals, passed }); // 7 one short transaction
    await catchUp(base, visit, recorded.done, saidYesTo(ruled.told)); //   rules that a yes on the way lets run
    const due = await ask(base, visit, recorded); // 8 the consent or question that is due now
    return finish(recorded, ruled.decided, due); // 9 hand back to the protocol engine
  } finally {
    await proven.tries?.giveBack(); // whatever ends the run before step 7 wrote that the guess was right
  }
}

/** A refresh runs guard, rules and factor only: nothing new is proven, learned or counted. */
export async function refresh(
  base: Base,
  visit: Visit,
  door: AtDoor,
  signIn: SignIn,
): Promise<{ decided: Decided } | { held: Held } | Refused | PageNeeded> {
  guard(door.customer);
  const who = { kind: 'known', ...door } as const;
  const { amr, acr, connection, factor } = signIn;
  const proven = { who, amr, acr, connection, factor, anew: false, welcome: true };
  const ruled = await rules(base, visit, { proven, found: who, told: { facts: [] }, signals: {} });
  if (!('decided' in ruled)) return ruled;
  const { found, decided } = ruled;
  return (await lacksFactor(base, visit, signIn, decided))
    ? { held: hold({ ...proven, executions: ruled.proven.executions }, found, decided) }
    : { decided };
}
