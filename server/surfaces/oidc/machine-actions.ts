import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { isActionBound, type MachineOutcome, runCredentialsExchange } from '../../features/actions/actions.ts';
import { deadlineOf, eventOfMachine, hostOf, keepRuns } from '../triggers/triggers.ts';
import { type Exchange, exchangeOf } from './exchange.ts';

// What proves the machine, or opens something, is nobody's to see.
const secrets = new Set(['client_secret', 'client_assertion', 'resource']);

/**
 * Runs the actions at credentials-exchange, once for a request: their claims go into the token, and its scopes are those
 * that they leave, of those that the machine was granted.
 *
 * @returns the scopes that the token may have
 * @throws CustomOIDCProviderError when they refuse
 */
export async function machineScopes(
  base: Base,
  ctx: KoaContextWithOIDC,
  machine: { client: Client; audience: string; granted: readonly string[] },
): Promise<readonly string[]> {
  const { granted } = machine;
  const exchange = exchangeOf(ctx);
  const { params } = ctx.oidc;
  const { portal } = exchange;
  if (!params || !portal || !(await isActionBound(base, 'credentials-exchange'))) return granted;
  const asked = String(params.scope ?? '').split(' ');
  const wanted = granted.filter((scope) => asked.includes(scope));
  exchange.machine ??= run(base, exchange, portal, { ...machine, asked, wanted });
  const outcome = await exchange.machine;
  if (!outcome) return granted;
  if (outcome.refused) throw refusalOf(outcome.refused);
  const left = granted.filter((scope) => outcome.scopes.includes(scope));
  exchange.decided = { access_token: outcome.accessToken };
  params.scope = left.join(' ');
  return left;
}

async function run(
  base: Base,
  { request }: Exchange,
  portal: NonNullable<Exchange['portal']>,
  machine: { audience: string; asked: readonly string[]; wanted: readonly string[] },
): Promise<MachineOutcome | undefined> {
  const deadlineMs = await deadlineOf(base);
  if (deadlineMs === undefined) return undefined;
  const body = Object.entries(Object(request.body)).filter(([name]) => !secrets.has(name));
  const about = { ip: request.ip, userAgent: request.headers['user-agent'], body: Object.fromEntries(body) };
  const event = eventOfMachine(base, about, { portal, ...machine });
  const outcome = await runCredentialsExchange(base, { event, host: hostOf(base, { ip: request.ip }), deadlineMs });
  if (outcome) keepRuns(base, undefined, outcome);
  return outcome;
}

function refusalOf({ by, code, message }: NonNullable<MachineOutcome['refused']>): Error {
  if (by === 'failed') return new errors.AccessDenied(message);
  const { CustomOIDCProviderError } = errors;
  return new CustomOIDCProviderError(code ?? 'invalid_request', message || 'The request was denied.');
}
