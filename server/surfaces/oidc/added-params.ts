import { toAudience } from './audience.ts';
import type { PortalParams } from './journey-port.ts';

/** Parameters as they were sent; a list was sent several times. */
type Sent = Record<string, string | string[]>;

/** Parameters of an authorization request beyond the standard's that mean something to us. */
export const auth0Params = [
  'access_type',
  'auth0Client',
  'connection',
  'connection_scope',
  'invitation',
  'login_ticket',
  'organization',
  'realm',
  'screen_hint',
];

/** By this name the engine keeps whatever else a portal has added. */
export const addedParam = 'regulars_added';

const known = new Set([
  ...auth0Params,
  ...['acr_values', 'audience', 'claims', 'claims_locales', 'client_id', 'code_challenge', 'code_challenge_method'],
  ...['display', 'dpop_jkt', 'id_token_hint', 'login_hint', 'max_age', 'nonce', 'prompt', 'redirect_uri'],
  ...['registration', 'request', 'request_uri', 'resource', 'response_mode', 'response_type', 'scope', 'state'],
  ...['ui_locales', 'client_secret', 'client_assertion', 'client_assertion_type', addedParam],
]);
const mostParams = 50;
const longestName = 100;
const longestValue = 2000;
const mostLength = 8000;

/**
 * The parameters with those of the portal's own kept together: the engine forgets what it does not know, but a campaign
 * (`utm_source`) or a word to the umbrella's code is for rules to see.
 */
export function keepAdded(params: Sent): Sent {
  const { [addedParam]: _, ...rest } = params;
  const added = Object.entries(rest).filter(
    ([name, value]) =>
      !known.has(name) && name.length <= longestName && typeof value === 'string' && value.length <= longestValue,
  );
  const packed = JSON.stringify(Object.fromEntries(added.slice(0, mostParams)));
  return added.length === 0 || packed.length > mostLength ? rest : { ...rest, [addedParam]: packed };
}

/**
 * What a portal asked for, and apart from it what it added of its own. `audience` is the API that tokens will be for,
 * though the request named it as a `resource` (RFC 8707), or named another beside it.
 */
export function partsOf(params: Readonly<Record<string, unknown>>): { params: PortalParams; added: PortalParams } {
  const { resource: _, [addedParam]: packed, ...named } = textsIn(params);
  const [resource] = [params.resource].flat();
  const asked = typeof resource === 'string' ? { ...named, audience: toAudience(resource) } : named;
  return { params: asked, added: packed === undefined ? {} : unpack(packed) };
}

function unpack(packed: string): PortalParams {
  try {
    return textsIn(JSON.parse(packed));
  } catch {
    // Pushed by the portal under our name: nothing that we have packed.
    return {};
  }
}

function textsIn(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
