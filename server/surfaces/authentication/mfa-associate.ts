import type { FastifyInstance } from 'fastify';
import { type MfaAssociation, mfaAssociation } from '../../../contract/authentication.ts';
import { normaliseEmail } from '../../../contract/email-address.ts';
import { normalisePhone } from '../../../contract/phone-number.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { textChannels } from '../../base/text-provider.ts';
import { beginAddress, beginTotp } from '../../features/accounts/accounts.ts';
import { challengeable, enrollable, isAnotherPhone, isWanted, keepBegun } from '../login/login.ts';
import { readPart } from '../management/management.ts';
import { bearerOf, type MfaAsking, mfaAsking } from './mfa-bearer.ts';

/**
 * `POST /mfa/associate`: begins to add the factor that a sign-in needs and the customer has not yet. It is written when
 * its first code was typed, by the token request that ends the sign-in. Who has a factor proves that one: the password
 * alone never adds another.
 */
export function serveMfaAssociate(scope: FastifyInstance, base: Base): void {
  scope.post('/mfa/associate', async (request, reply) => {
    const asking = await mfaAsking(base, request, reply, bearerOf(request));
    const body = readPart('body', mfaAssociation, request.body);
    const { customer, amr } = asking.signIn;
    if ((await challengeable(base, customer.id, amr)).length > 0) {
      throw new Problem('access_denied', 'User is already enrolled. Prove the authenticator that is there.');
    }
    checkKind(asking, body);
    return body.authenticator_types[0] === 'otp' ? beginApp(base, asking) : beginOutOfBand(base, asking, body);
  });
}

/** Only a kind that code wants to be added, where it wants certain ones. */
function checkKind({ signIn }: MfaAsking, { authenticator_types: [type], oob_channels }: MfaAssociation): void {
  const byMail = type === 'email' || oob_channels?.[0] === 'email';
  const kind = type === 'otp' ? 'totp' : byMail ? 'email' : 'phone';
  const { factor } = signIn;
  const adds = !factor?.kinds || factor.adds === true;
  if (adds && isWanted(factor, kind)) return;
  throw new Problem('access_denied', 'An authenticator of this kind is not what this sign-in needs.');
}

async function beginApp(base: Base, { signIn, asked }: MfaAsking) {
  const { customer, flow } = signIn;
  const label = customer.email ?? customer.name ?? customer.username ?? customer.user_id;
  const { draft, secret, uri } = beginTotp(base, { flow, issuer: asked.brand.name, label });
  const recovery_codes = await keepBegun(base, signIn, { how: 'otp', totp: draft });
  return { authenticator_type: 'otp', secret, barcode_uri: uri, recovery_codes };
}

async function beginOutOfBand(base: Base, { signIn, asked }: MfaAsking, body: MfaAssociation) {
  const { flow } = signIn;
  const { to, how, channel } = await addressOf(base, signIn, body);
  const { code } = await beginAddress(base, { to, flow, asked });
  const recovery_codes = await keepBegun(base, signIn, { how, code });
  return { authenticator_type: 'oob', oob_channel: channel, oob_code: code, binding_method: 'prompt', recovery_codes };
}

/** Where the code goes. Mail goes to proven addresses only. Throws Problem invalid_body. */
async function addressOf(
  base: Base,
  { customer, amr }: MfaAsking['signIn'],
  { authenticator_types: [type], oob_channels, phone_number, email }: MfaAssociation,
) {
  const channel = type === 'email' ? 'email' : oob_channels?.[0];
  if (channel === 'email') {
    const addresses = await enrollable(base, customer.id, amr);
    const wished = normaliseEmail(email ?? customer.email ?? '');
    const address = addresses.find((one) => one === wished);
    if (address === undefined) throw new Problem('invalid_body', 'email is not a verified address of the user.');
    return { to: { kind: 'email', email: address }, how: 'otp', channel } as const;
  }
  const offered = (await textChannels(base)).find((one) => one === channel);
  if (!offered) throw new Problem('invalid_body', 'oob_channels names none that is offered.');
  if (phone_number === undefined) throw new Problem('invalid_body', 'phone_number is required.');
  const phone = normalisePhone(phone_number);
  if (phone && !(await isAnotherPhone(base, customer.id, amr, phone))) {
    throw new Problem('invalid_body', 'phone_number is the one that the sign-in began with.');
  }
  const how = offered === 'voice' ? 'tel' : 'sms';
  return { to: { kind: 'phone', phone: phone_number, channel: offered }, how, channel: offered } as const;
}
