import { allows, type PathRule } from '../../../contract/path-rule.ts';
import { ApiError, call, callVersioned, type Versioned } from '../../ui/api.ts';
import type { Session } from '../../ui/session.ts';
import type { Attribute, User } from './api.ts';
import { splitPath, valueAt } from './value-at.ts';
import type { Json } from './value-drafts.ts';

// What customers sign in with is changed where its proof is minded; the rest is told elsewhere or is no text.
const notHere = new Set(['email', 'phone_number', 'username', 'picture']);

/** Which values this member of the staff may change here. The server decides at each change; this only hides. */
export function writable(session: Session, catalogue: readonly Attribute[]): (path: string) => boolean {
  const sensitive = new Set(catalogue.filter((one) => one.sensitive).map(({ path }) => path));
  const listed = new Set(catalogue.map(({ path }) => path));
  const rule = (paths: readonly string[]): PathRule => ({ paths, sensitive });
  const { attributes, scopes } = session;
  return (path) => {
    const [place, key] = splitPath(path);
    const isOne = key === undefined ? !notHere.has(path) && (listed.has(path) || named.has(path)) : places.has(place);
    if (!isOne) return false;
    const may =
      scopes.includes('update:users') || (place === 'app_metadata' && scopes.includes('update:users_app_metadata'));
    return may && allows(rule(attributes.write), path) && allows(rule(attributes.read), path);
  };
}

const places = new Set(['user_metadata', 'app_metadata']);
const named = new Set(['name', 'given_name', 'family_name', 'nickname']);

/** What stands at the path now, and its version. */
export async function readValue(id: string, path: string, signal?: AbortSignal): Promise<Versioned<unknown>> {
  const [fields] = splitPath(path);
  const { value, version } = await callVersioned<Partial<User>>(at(id), {
    query: { fields },
    ...(signal && { signal }),
  });
  return { value: valueAt(value, path), version };
}

/**
 * Says a value as the company, or takes it away (null). What else changed beside it does not matter.
 *
 * @param seen what stood there when it was typed; undefined: whatever it is
 * @returns what stands there now: other sources may be believed more
 * @throws ApiError `changed_meanwhile`
 */
export async function writeValue(id: string, path: string, value: Json, seen?: Versioned<unknown>): Promise<unknown> {
  const [place, key] = splitPath(path);
  const body = key === undefined ? { [place]: value } : { [place]: { [key]: value } };
  const send = async (version: string | undefined) =>
    valueAt(await call<User>(at(id), { method: 'PATCH', body, version }), path);
  try {
    return await send(seen?.version);
  } catch (error) {
    if (!seen || !(error instanceof ApiError && error.code === 'changed_meanwhile')) throw error;
    const present = await readValue(id, path);
    if (JSON.stringify(present.value) !== JSON.stringify(seen.value)) throw error;
    return send(present.version);
  }
}

const at = (id: string) => `/users/${encodeURIComponent(id)}`;
