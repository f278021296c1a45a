import type { FastifyInstance } from 'fastify';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { textChannels } from '../../base/text-provider.ts';
import { type Factor, factorsOf, maskedAddress, removeFactor } from '../../features/accounts/accounts.ts';
import { accessAsking, bearerOf, mfaAsking } from './mfa-bearer.ts';

/** An authenticator as the API shows it. */
export type Authenticator = {
  readonly id: string;
  readonly type: string;
  readonly authenticator_type: 'otp' | 'oob' | 'recovery-code';
  readonly active: true;
  readonly name?: string;
  readonly oob_channel?: string;
  readonly oob_channels?: readonly string[];
};

/**
 * `GET /mfa/authenticators`: what the customer has, with enough of a number or address to know it; by an `mfa_token`,
 * or an access token for the MFA API. `DELETE /mfa/authenticators/{id}` by the latter only.
 */
export function serveMfaAuthenticators(scope: FastifyInstance, base: Base): void {
  scope.get('/mfa/authenticators', async (request, reply) => {
    const token = bearerOf(request);
    // A JWT is an access token; an `mfa_token` has no dots.
    const { customer } = token.includes('.')
      ? await accessAsking(base, request, reply, 'read:authenticators')
      : (await mfaAsking(base, request, reply, token)).signIn;
    return authenticatorsOf(base, customer.id);
  });
  scope.delete<{ Params: { id: string } }>('/mfa/authenticators/:id', async (request, reply) => {
    const { customer, asked } = await accessAsking(base, request, reply, 'remove:authenticators');
    const known = (await authenticatorsOf(base, customer.id)).some(({ id }) => id === request.params.id);
    const { id: factor } = readAuthenticatorId(request.params.id) ?? {};
    if (!known || factor === undefined) throw new Problem('not_found', 'There is no such authenticator.');
    await removeFactor(base, base.db, { customer: customer.id, factor, asked });
    return reply.code(204).send();
  });
}

/** Every authenticator of a customer; a phone is one for each channel that is offered. */
export async function authenticatorsOf(base: Base, customer: string): Promise<Authenticator[]> {
  const channels = await textChannels(base);
  return (await factorsOf(base.db, customer)).flatMap((factor) => showFactor(factor, channels));
}

/** What one of our ids names; undefined for what is none. */
export function readAuthenticatorId(shown: string): { type: string; id: string } | undefined {
  const [, type, hex] = /^(totp|sms|voice|email|recovery-code)\|dev_([0-9a-f]{32})$/.exec(shown) ?? [];
  if (!type || !hex) return undefined;
  return { type, id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
}

/** By which way a code comes to this factor; a phone has two. */
export function channelOf({ kind }: Factor, wished: string | undefined): string | undefined {
  if (kind === 'phone') return wished === 'voice' ? 'voice' : 'sms';
  return kind === 'email' ? 'email' : undefined;
}

function showFactor(factor: Factor, channels: readonly string[]): Authenticator[] {
  const id = (type: string) => `${type}|dev_${factor.id.replaceAll('-', '')}`;
  const name = factor.name ?? undefined;
  switch (factor.kind) {
    case 'totp':
      return [{ id: id('totp'), type: 'otp', authenticator_type: 'otp', active: true, ...(name && { name }) }];
    case 'recovery_codes':
      return [{ id: id('recovery-code'), type: 'recovery-code', authenticator_type: 'recovery-code', active: true }];
    case 'email':
      return [outOfBand(id('email'), 'email', 'email', maskedAddress(factor.address))];
    case 'phone':
      return channels.map((channel) => outOfBand(id(channel), 'phone', channel, maskedAddress(factor.phone)));
  }
}

function outOfBand(id: string, type: string, channel: string, name: string): Authenticator {
  const common = { id, type, authenticator_type: 'oob', active: true, name } as const;
  return { ...common, oob_channel: channel, oob_channels: [channel] };
}
