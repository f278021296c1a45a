import type { Base } from '../../server/base/base.ts';
import type { JsonObject } from '../../server/base/json.ts';
import { addLibraryRule } from '../../server/features/rules/rules.ts';

const demo = { by: 'demo', name: 'Demo' };

/** Rules of the library that are on, in their order, as a marketer filled in their forms. */
export const demoRules: readonly (readonly [library: string, settings: JsonObject])[] = [
  ['names', {}],
  ['place', {}],
  ['income-by-area', {}],
  ['interests', {}],
  ['birthday', {}],
  ['first-source', {}],
  ['welcome-mark', { claim: 'https://meridian.example/is_new' }],
  ['sign-in-milestones', { claim: 'https://meridian.example/milestone', milestones: [3, 10, 25, 100] }],
];

/** Switches eight rules of the library on. */
export async function switchRulesOn(base: Base): Promise<void> {
  for (const [library, settings] of demoRules) await addLibraryRule(base, { library, settings }, demo);
  await base.settings.refresh();
}
