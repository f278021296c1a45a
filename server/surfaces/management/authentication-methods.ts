import { z } from 'zod';
import {
  changedMethod,
  type Method,
  type MethodDraft,
  method,
  methodDraft,
  methodDrafts,
  methodPatch,
} from '../../../contract/authentication-methods.ts';
import { normaliseEmail } from '../../../contract/email-address.ts';
import { normalisePhone } from '../../../contract/phone-number.ts';
import { makeTotpSecret } from '../../base/credentials/totp.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import {
  addFactor,
  type Factor,
  factorsOf,
  nameFactor,
  type ProvenFactor,
  removeAllFactors,
  removeFactor,
  removePasskey,
  removePassword,
} from '../../features/accounts/accounts.ts';
import { type Customer, identitiesOf } from '../../features/customers/customers.ts';
import { askedBy } from './asked-by.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { methodsOf, readMethodId, showFactor } from './method-shape.ts';
import { listOf, paged, pageOf, pageQuery } from './paging.ts';
import { type Api, type Circumstances, noBody, nothing, type Route, route } from './route.ts';
import { refuseHidden, type Sight } from './sight.ts';

const path = '/users/{id}/authentication-methods';
const oneParams = z.strictObject({ ...idParams.shape, authentication_method_id: z.string().max(200) });

/** What a customer signs in with, and second factors, as the umbrella sees and changes them. */
export const authenticationMethodRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path,
      summary: 'List the authentication methods of a user (customer)',
      may: ['read:authentication_methods'],
      params: idParams,
      query: z.strictObject(pageQuery),
      body: noBody,
      status: 200,
      reply: listOf('authenticators', method, 'pages only'),
    },
    async (api, { params, query, ...from }) => {
      const all = await methodsOf(api.base.db, await findUser(api, from, params.id), from.caller.access);
      const { offset, limit } = pageOf(query);
      return paged('authenticators', all.slice(offset, offset + limit), query, async () => all.length);
    },
  ),
  route(
    {
      method: 'POST',
      path,
      summary: 'Add a second factor of a user (customer)',
      may: ['create:authentication_methods'],
      audit: 'customer',
      together: true,
      params: idParams,
      query: nothing,
      body: methodDraft,
      status: 201,
      reply: changedMethod,
    },
    async (api, { params, body, ...from }) => add(api, await findUser(api, from, params.id), body, from),
  ),
  route(
    {
      method: 'PUT',
      path,
      summary: 'Replace all second factors of a user (customer)',
      may: ['update:authentication_methods'],
      audit: 'customer',
      together: true,
      params: idParams,
      query: nothing,
      body: methodDrafts,
      status: 200,
      reply: z.array(changedMethod),
    },
    async (api, { params, body, ...from }) => {
      const customer = await findUser(api, from, params.id);
      await removeAll(api, customer, from);
      const added: Awaited<ReturnType<typeof add>>[] = [];
      for (const draft of body) added.push(await add(api, customer, draft, from));
      return added;
    },
  ),
  route(
    {
      method: 'DELETE',
      path,
      summary: 'Remove all second factors of a user (customer)',
      may: ['delete:authentication_methods'],
      audit: 'customer',
      together: true,
      params: idParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, ...from }) => removeAll(api, await findUser(api, from, params.id), from),
  ),
  route(
    {
      method: 'GET',
      path: `${path}/{authentication_method_id}`,
      summary: 'Read an authentication method',
      may: ['read:authentication_methods'],
      params: oneParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: method,
    },
    async (api, { params, ...from }) => {
      const customer = await findUser(api, from, params.id);
      return findMethod(api, customer, params.authentication_method_id, from.caller.access);
    },
  ),
  route(
    {
      method: 'PATCH',
      path: `${path}/{authentication_method_id}`,
      summary: 'Name a second factor',
      may: ['update:authentication_methods'],
      audit: 'customer',
      together: true,
      params: oneParams,
      query: nothing,
      body: methodPatch,
      status: 200,
      reply: changedMethod,
    },
    async (api, { params, body, ...from }) => {
      const { access } = from.caller;
      const { id: customer } = await findUser(api, from, params.id);
      const factor = await findFactor(api, customer, params.authentication_method_id, access);
      if (body.preferred_authentication_method !== undefined && factor.kind !== 'phone') {
        throw new Problem('invalid_body', 'preferred_authentication_method applies to phones only.');
      }
      const { name = factor.name } = body;
      await nameFactor(api.base.db, { customer, factor: factor.id, name });
      return showChanged({ ...factor, name }, access);
    },
  ),
  route(
    {
      method: 'DELETE',
      path: `${path}/{authentication_method_id}`,
      summary: 'Remove an authentication method',
      may: ['delete:authentication_methods'],
      audit: 'customer',
      together: true,
      params: oneParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, ...from }) => {
      const { access } = from.caller;
      const customer = await findUser(api, from, params.id);
      const { type } = await findMethod(api, customer, params.authentication_method_id, access);
      const { id = '' } = readMethodId(params.authentication_method_id) ?? {};
      const act = { customer: customer.id, asked: await askedBy(api.base, from, { customer }) };
      if (type === 'password') return removePassword(api.base, { ...act, method: id });
      if (type === 'passkey') return removePasskey(api.base, { ...act, method: id });
      if (type === 'email-verification') {
        throw new Problem('invalid_uri', 'A proven address is no method of its own: change the email of the user.');
      }
      return removeFactor(api.base, api.base.db, { ...act, factor: id });
    },
  ),
];

async function removeAll({ base }: Api, customer: Customer, from: Pick<Circumstances, 'caller' | 'ip'>): Promise<void> {
  const asked = await askedBy(base, from, { customer });
  await removeAllFactors(base, base.db, { customer: customer.id, asked });
}

async function add(api: Api, customer: Customer, draft: MethodDraft, { caller, ip }: Circumstances) {
  const { base } = api;
  const proven = toFactor(draft);
  // "It is there already" would tell an address that is hidden.
  if (proven.kind === 'phone') refuseHidden(caller.access, ['phone_number']);
  if (proven.kind === 'email') refuseHidden(caller.access, ['email']);
  const isThere = (await factorsOf(base.db, customer.id)).some((one) => {
    if (one.kind === 'phone') return proven.kind === 'phone' && proven.phone === one.phone;
    return one.kind === 'email' && proven.kind === 'email' && proven.address === one.address;
  });
  if (isThere) throw new Problem('already_exists', 'Authentication method already exists.');
  const [identity] = await identitiesOf(base.db, customer.id);
  if (!identity) throw new Problem('not_found', 'The user does not exist.');
  const asked = await askedBy(base, { caller, ip }, { customer });
  const act = { customer: customer.id, subject: identity.subject, proven, name: draft.name, asked };
  const added = await addFactor(base, base.db, act).catch((error: unknown) => {
    if (!isProblem(error, 'conflict')) throw error;
    throw new Problem('access_denied', 'You reached the limit of entities of this type for this user.');
  });
  return { ...showChanged(added, caller.access), ...(proven.kind === 'totp' && { totp_secret: proven.secret }) };
}

/** The umbrella says that it is the customer's. Throws Problem `invalid_body` for properties that do not go together. */
function toFactor(draft: MethodDraft): ProvenFactor {
  const { type, totp_secret, phone_number, email, preferred_authentication_method } = draft;
  const others = {
    totp_secret: type !== 'totp' && totp_secret,
    phone_number: type !== 'phone' && phone_number,
    preferred_authentication_method: type !== 'phone' && preferred_authentication_method,
    email: type !== 'email' && email,
  };
  for (const [name, value] of Object.entries(others)) {
    if (value) throw new Problem('invalid_body', `${name} does not apply to the type ${type}.`);
  }
  // No code of it was used yet.
  if (type === 'totp') return { kind: 'totp', id: uuid(), secret: totp_secret ?? makeTotpSecret(), step: 0 };
  if (type === 'phone') {
    const phone = normalisePhone(phone_number ?? '');
    if (phone === undefined) throw new Problem('invalid_body', 'phone_number is required for the type phone.');
    return { kind: 'phone', phone };
  }
  const address = normaliseEmail(email ?? '');
  if (address === undefined) throw new Problem('invalid_body', 'email is required for the type email.');
  return { kind: 'email', address };
}

async function findMethod({ base }: Api, customer: Customer, shown: string, sight: Sight): Promise<Method> {
  const found = (await methodsOf(base.db, customer, sight)).find((one) => one.id === shown);
  if (!found) throw unknownMethod();
  return found;
}

/** One that can be named. */
async function findFactor({ base }: Api, customer: string, shown: string, sight: Sight): Promise<Factor> {
  const found = (await factorsOf(base.db, customer)).find((one) => showFactor(one, sight).id === shown);
  if (found && found.kind !== 'recovery_codes') return found;
  const { type } = readMethodId(shown) ?? {};
  if (type === undefined || found === undefined) throw unknownMethod();
  throw new Problem('invalid_uri', `A ${type} cannot be named.`);
}

function unknownMethod(): Problem {
  return new Problem('not_found', 'The authentication method could not be found.', {
    errorCode: 'inexistent_authentication_method',
  });
}

/** As POST and PATCH show it: without what only lists tell. */
function showChanged(factor: Factor, sight: Sight) {
  const { confirmed: _, enrolled_at: __, last_auth_at: ___, ...shown } = showFactor(factor, sight);
  return shown;
}
