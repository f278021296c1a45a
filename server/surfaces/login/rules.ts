import type { Base } from '../../base/base.ts';
import type { PageNeeded } from './found.ts';
import { isCodeOn } from './rules/kept.ts';
import { register } from './rules/registering.ts';
import type { Refused, Ruled, Ruling } from './rules/ruling.ts';
import { makeFirst, runCode } from './rules/run.ts';
import type { Visit } from './visit.ts';

/**
 * Step 5: the umbrella's own code, rules and then actions, outside any transaction. What was decided before the sign-in
 * was held stays. Where nothing is on, nothing is done.
 */
export async function rules(base: Base, visit: Visit, ruling: Ruling): Promise<Ruled | PageNeeded | Refused> {
  const { proven, found } = ruling;
  const { decided } = proven;
  if (decided) return { proven, found, told: ruling.told, decided };
  const told = found.kind === 'new' ? await register(base, visit, ruling) : ruling.told;
  // Who is back from where an action sent them goes on with what was decided before, also where no code is on any more.
  if (proven.resume || (await isCodeOn(base))) {
    await proven.tries?.giveBack(); // nobody waits for a try while code runs
    return runCode(base, visit, { ...ruling, told });
  }
  if (found.kind !== 'new' || told === ruling.told) return { proven, found, told, decided: {} };
  // What an action added is kept before a page may come in between.
  const made = await makeFirst(base, visit, { ...ruling, found, told });
  return 'page' in made ? made : { ...made, decided: {} };
}
