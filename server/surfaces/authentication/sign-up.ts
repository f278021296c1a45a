import type { FastifyInstance } from 'fastify';
import { passwordLength } from '../../../contract/accounts.ts';
import { type PortalSignUp, portalSignUp } from '../../../contract/authentication.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { signUpByPortal } from '../../features/accounts/accounts.ts';
import type { Customer } from '../../features/customers/customers.ts';
import { readPart } from '../management/management.ts';
import { beforeRegistration, toJson } from '../triggers/triggers.ts';
import { portalAsking } from './asking.ts';
import { storeOf } from './store-of.ts';

/** `POST /dbconnections/signup`: an account by the portal's own form. Its address is not proven by that. */
export function serveSignUp(scope: FastifyInstance, base: Base): void {
  scope.post('/dbconnections/signup', async (request, reply) => {
    const body = readPart('body', portalSignUp, request.body);
    const { portal, asked } = await portalAsking(base, request, reply, body.client_id);
    const store = await storeOf(base, portal, body.connection);
    if (store.options.disable_signup)
      return reply.code(400).send(refused('invalid_signup', 'Public signup is disabled'));
    checkUsername(store.options.requires_username, body.username);
    const {
      client_id,
      client_secret: _,
      connection: __,
      email,
      password,
      username,
      phone_number: ___,
      ...profile
    } = body;
    try {
      const user = toJson({ email, username, ...profile });
      const { ip, userAgent, language } = asked;
      const sent = { user, connection: store.name, portal, ip, userAgent, language, body: user, at: now() };
      const { facts, paths } = await beforeRegistration(base, sent);
      const kept = Object.entries(body.user_metadata ?? {}).filter(([key]) => !paths.has(`user_metadata.${key}`));
      const left = { ...profile, user_metadata: Object.fromEntries(kept) };
      const act = { connection: store.name, email, password, username, profile: left, origin: client_id, facts, asked };
      return shown((await signUpByPortal(base, act)).customer, body);
    } catch (error) {
      const told = inAuth0sWords(error);
      if (!told) throw error;
      return reply.code(400).send(told);
    }
  });
}

function checkUsername(isRequired: boolean, username: string | undefined): void {
  if (isRequired && username === undefined) throw new Problem('invalid_body', 'username is required.');
  if (!isRequired && username !== undefined) {
    throw new Problem('invalid_body', 'Cannot set username for connection without requires_username.');
  }
}

/** The new account as Auth0 shows it: its id without the provider, and what was sent, as actions have left it. */
function shown({ user_id, email, user_metadata: left }: Customer, body: PortalSignUp) {
  const { username, name, given_name, family_name, nickname, picture, user_metadata } = body;
  const told = { name, given_name, family_name, nickname, picture, user_metadata: user_metadata && left };
  return { _id: user_id.replace(/^auth0\|/, ''), email, username, email_verified: false, ...told };
}

type Refused = {
  name: string;
  code: string;
  description: string | object;
  statusCode: 400;
  message?: string;
  policy?: string;
  friendly_message?: string;
};

function refused(code: string, description: string): Refused {
  return { name: 'BadRequestError', code, description, statusCode: 400 };
}

function inAuth0sWords(error: unknown): Refused | undefined {
  if (isProblem(error, 'password_weak')) return weakPassword(error);
  if (isProblem(error, 'access_denied') && error.extra.reason === 'registration_refused') return byCode(error);
  if (!isProblem(error, 'identifier_taken')) return undefined;
  return error.extra.field === 'username'
    ? refused('username_exists', 'The username provided is in use already.')
    : refused('invalid_signup', 'Invalid sign up');
}

/** An action refused: Auth0 calls that an error of an extension, with the words for the person. */
function byCode({ message }: Problem): Refused {
  return {
    name: 'Error',
    code: 'extensibility_error',
    description: message,
    friendly_message: message,
    statusCode: 400,
  };
}

/** Auth0's names for what is wrong with a password; of a list of rules its libraries make sentences. */
function weakPassword({ message, extra }: Problem): Refused {
  const { reason } = extra;
  if (reason === 'breached') return refused('password_leaked', message);
  const names = { common: 'PasswordDictionaryError', personal: 'PasswordNoUserInfoError' } as const;
  const told = { code: 'invalid_password', policy: message, statusCode: 400 } as const;
  if (reason === 'common' || reason === 'personal') return { ...told, name: names[reason], description: message };
  const least = typeof extra.least === 'number' ? extra.least : passwordLength.least;
  const rule = { message: 'At least %d characters in length', format: [least], code: 'lengthAtLeast' };
  return {
    ...told,
    name: 'PasswordStrengthError',
    message: 'Password is too weak',
    description: { rules: [{ ...rule, verified: reason !== 'short' }], verified: false },
  };
}
