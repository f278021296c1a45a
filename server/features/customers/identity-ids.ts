import { Problem } from '../../base/errors.ts';

// Providers that stand for many sites: at them an id is unique within its connection only.
const shared = new Set(['oidc', 'oauth2']);

/** The id as Auth0 shows it in `identities[]`: the id at the provider, for `oidc` and `oauth2` `<connection>|<id>`. */
export function shownId(provider: string, connection: string, idAtProvider: string): string {
  return shared.has(provider) ? `${connection}|${idAtProvider}` : idAtProvider;
}

/** The id at the provider of an id as it is shown. */
export function idAtProvider(provider: string, shown: string): string {
  return shared.has(provider) ? shown.slice(shown.indexOf('|') + 1) : shown;
}

/** @throws Problem `invalid_body` for an id that is empty, longer than 255 characters or not plain text */
export function checkId(id: string): string {
  if (!/^[^\p{Cc}]{1,255}$/u.test(id) || !id.isWellFormed()) {
    throw new Problem('invalid_body', 'The id of an identity is text of 1 to 255 characters.');
  }
  return id;
}
