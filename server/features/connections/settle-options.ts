import { createPrivateKey } from 'node:crypto';
import {
  actingOptions,
  type OptionsOf,
  readOptions,
  type Strategy,
  secretOptions,
} from '../../../contract/connection-options.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';

const context = 'connections.secrets';
const addresses = ['origin', 'issuer', 'discovery_url', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'];
addresses.push('userinfo_endpoint', 'end_session_endpoint', 'authorizationURL', 'tokenURL');

/** The secret options that a connection has, by name. */
export type Secrets = Partial<Record<(typeof secretOptions)[number], string>>;

/** What is stored: options without secrets, and the secrets encrypted. */
export type SettledOptions = { options: string; secrets: string | null };

/**
 * Checks options as they are asked for and parts them from their secrets. A secret that is left out stays as it was,
 * null takes it away. But it stays only for the addresses that it was given for: who changes one must know the secret,
 * or could have it sent to a place of their own.
 *
 * @param kept what the connection has until now
 * @throws Problem `invalid_body` naming the option
 */
export async function settleOptions(
  base: Pick<Base, 'vault' | 'outgoing'>,
  strategy: Strategy,
  asked: JsonObject,
  kept?: { options: unknown; secrets: Secrets },
): Promise<SettledOptions> {
  const wanted: Record<string, unknown> = { ...kept?.secrets, ...asked };
  for (const name of secretOptions) if (wanted[name] === null) delete wanted[name];
  const read = readOptions(strategy, wanted);
  if ('refused' in read) throw new Problem('invalid_body', read.refused);
  const options: Record<string, unknown> = read.options;
  await checkAddresses(base, options);
  checkComplete(strategy, options);
  if (kept) checkSameAddresses(asked, options, kept);
  const secrets: Secrets = {};
  for (const name of secretOptions) {
    if (typeof options[name] === 'string') secrets[name] = options[name];
    delete options[name];
  }
  const sealed = Object.keys(secrets).length > 0 ? base.vault.encrypt(JSON.stringify(secrets), context) : null;
  return { options: JSON.stringify(options), secrets: sealed };
}

/** The secrets behind a stored ciphertext. */
export function openSecrets(vault: Base['vault'], sealed: string | null): Secrets {
  if (sealed === null) return {};
  const stored: unknown = JSON.parse(vault.decrypt(sealed, context));
  const secrets: Secrets = {};
  for (const [name, value] of Object.entries(stored ?? {})) {
    const known = secretOptions.find((one) => one === name);
    if (known && typeof value === 'string') secrets[known] = value;
  }
  return secrets;
}

/** The options of a stored connection; `secrets` join them where a network is about to be called. */
export function storedOptions<S extends Strategy>(strategy: S, options: unknown, secrets: Secrets = {}): OptionsOf<S> {
  // Those that an older version knew and this one does not are passed over.
  const known = actingOptions(strategy);
  const kept = Object.entries({ ...Object(options), ...secrets }).filter(([name]) => known.includes(name));
  const read = readOptions(strategy, Object.fromEntries(kept));
  if ('refused' in read) throw new Error(`a stored ${strategy} connection is not valid: ${read.refused}`);
  return read.options;
}

async function checkAddresses({ outgoing }: Pick<Base, 'outgoing'>, options: Record<string, unknown>): Promise<void> {
  for (const name of addresses) {
    const address = options[name];
    if (typeof address !== 'string' || address.startsWith('https:')) continue;
    // In the clear, anyone on the way could answer for the network.
    if (!(await outgoing.isOwn(address))) throw new Problem('invalid_body', `options.${name} must begin with https://`);
  }
}

function checkSameAddresses(
  asked: JsonObject,
  options: Record<string, unknown>,
  kept: { options: unknown; secrets: Secrets },
): void {
  const before: Record<string, unknown> = { ...Object(kept.options) };
  const moved = addresses.find((name) => options[name] !== before[name]);
  const stays = secretOptions.find((name) => kept.secrets[name] !== undefined && asked[name] === undefined);
  if (moved && stays) {
    throw new Problem('invalid_body', `options.${stays} must be given anew when options.${moved} changes`);
  }
}

function checkComplete(strategy: Strategy, options: Record<string, unknown>): void {
  const need = (name: string) => {
    if (options[name] === undefined) throw new Problem('invalid_body', `options.${name} is required`);
  };
  if (strategy === 'auth0' || strategy === 'sms') return;
  if (strategy === 'apple') {
    need('app_secret');
    if (!isP256Key(String(options.app_secret))) {
      throw new Problem('invalid_body', 'options.app_secret must be the PEM of an ES256 private key');
    }
  } else if (strategy !== 'oidc' || options.type === 'back_channel') need('client_secret');
  if (strategy !== 'oidc') return;
  const explicit = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'];
  const given = explicit.filter((name) => options[name] !== undefined);
  if (given.length > 0) for (const name of ['issuer', ...explicit]) need(name);
  else if (options.discovery_url === undefined) need('issuer');
}

function isP256Key(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}
