import { z } from 'zod';
import { revokedKey, rotatedKey, type SigningKey, signingKey } from '../../../contract/signing-keys.ts';
import { Problem } from '../../base/errors.ts';
import { flag } from './paging.ts';
import { type Api, noBody, nothing, type Route, route } from './route.ts';
import type { Key } from './signing-key-verbs.ts';

const kidParams = z.strictObject({ kid: z.string().min(1).max(200) });

export const signingKeyRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/keys/signing',
      summary: 'List the keys that sign tokens, and those that did',
      may: ['read:signing_keys'],
      params: nothing,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(signingKey),
    },
    async ({ base, signingKeys }) => (await signingKeys.list(base.db)).map(show),
  ),
  route(
    {
      method: 'GET',
      path: '/keys/signing/{kid}',
      summary: 'Read a key that signs tokens',
      may: ['read:signing_keys'],
      params: kidParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: signingKey,
    },
    async (api, { params }) => show(await find(api, params.kid)),
  ),
  route(
    {
      method: 'POST',
      path: '/keys/signing/rotate',
      summary: 'Let the next key sign, once it has been published for 24 hours',
      may: ['create:signing_keys', 'update:signing_keys'],
      audit: 'key',
      together: true,
      params: nothing,
      // Ours: it signs now, although those who verify may not know it yet. For when the current one was stolen.
      query: z.strictObject({ at_once: flag.default(false) }),
      body: noBody,
      status: 201,
      reply: rotatedKey,
    },
    async ({ base, signingKeys }, { query }) => {
      const at = await signingKeys.rotate(base.db, { now: query.at_once });
      const keys = await signingKeys.list(base.db);
      const key = keys.find(({ signsAt }) => signsAt) ?? keys.find(({ status }) => status === 'current');
      if (!key) throw new Error('There is no key that signs.');
      return { kid: key.kid, cert: key.certificate, signs_at: at.toISOString() };
    },
  ),
  route(
    {
      method: 'PUT',
      path: '/keys/signing/{kid}/revoke',
      summary: 'Revoke the previous or the next key: what it signed is good for nothing from now on',
      may: ['update:signing_keys'],
      audit: 'key',
      together: true,
      params: kidParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: revokedKey,
    },
    async (api, { params }) => {
      const { kid, certificate, status } = await find(api, params.kid);
      if (status === 'revoked') return { kid, cert: certificate };
      if (!(await api.signingKeys.revoke(api.base.db, kid))) {
        throw new Problem('conflict', 'The current key cannot be revoked. Rotate first, then revoke it.', {
          errorCode: 'current_key',
        });
      }
      return { kid, cert: certificate };
    },
  ),
];

async function find({ base, signingKeys }: Api, kid: string): Promise<Key> {
  const found = (await signingKeys.list(base.db)).find((key) => key.kid === kid);
  if (!found) throw new Problem('not_found', 'The signing key does not exist', { errorCode: 'inexistent_signing_key' });
  return found;
}

function show({ kid, status, certificate, x5t, changedAt, signsAt }: Key): SigningKey {
  const thumbprint = Buffer.from(x5t, 'base64url').toString('hex').toUpperCase();
  const at = changedAt.toISOString();
  return {
    kid,
    cert: certificate,
    fingerprint: thumbprint.match(/../g)?.join(':') ?? '',
    thumbprint,
    ...(status === 'current' && { current: true, current_since: at }),
    ...(status === 'next' && { next: true, ...(signsAt && { current_since: signsAt.toISOString() }) }),
    ...(status === 'previous' && { previous: true, current_until: at }),
    ...(status === 'revoked' && { revoked: true, revoked_at: at }),
  };
}
