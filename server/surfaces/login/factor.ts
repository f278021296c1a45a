import type { Decided } from '../oidc/oidc.ts';
import type { Found, PageNeeded } from './resolve.ts';
import type { Visit } from './visit.ts';

/** Step 6: a second factor, when policy, rule or portal asks for one. Nothing asks for one yet. */
export async function factor(_visit: Visit, _found: Found, _decided: Decided): Promise<PageNeeded | undefined> {
  return undefined;
}
