import Provider, { type Adapter, type AdapterFactory } from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { tokenHash } from '../../base/crypto.ts';
import { portal as findPortal } from '../../features/portals/portals.ts';
import { only, seconds } from './adapter-verbs.ts';
import { toClientMetadata } from './client-metadata.ts';
import { currentExchange as current, rememberGrant } from './exchange.ts';
import { interactionRecords } from './interaction-records.ts';
import { readGrant, readPortalIsOpen, seeProof } from './records.ts';
import { readSession } from './session-records.ts';
import { tokenRecords } from './token-records.ts';

// DPoP proofs are good for five minutes around their time.
const proofSeconds = 600;

/**
 * What the engine stores, in PostgreSQL. Reads are kept in the request's exchange and writes collected there: the
 * bridge writes them at the end of the request.
 */
export function createAdapter(base: Base): AdapterFactory {
  return (kind) => {
    switch (kind) {
      case 'Client':
        return clientRecords(base);
      case 'Session':
        return sessionRecords(base);
      case 'Grant':
        return grantRecords(base);
      case 'Interaction':
        return interactionRecords();
      case 'ReplayDetection':
        return proofRecords(base);
      default:
        return tokenRecords(base, kind);
    }
  };
}

function clientRecords(base: Base): Adapter {
  return only({
    async find(id) {
      const exchange = current();
      if (!/^[\x21-\x7e]{1,128}$/.test(id)) return undefined;
      if (exchange.portal?.client_id !== id) {
        const portal = await findPortal(base, id);
        if (!portal) return undefined;
        if (exchange.openPortal !== id) {
          if (exchange.checksPortalLast) exchange.writes.openPortal = id;
          else if (!(await readPortalIsOpen(base, id))) return undefined;
        }
        exchange.portal = portal;
      }
      return toClientMetadata(exchange.portal);
    },
  });
}

function sessionRecords(base: Base): Adapter {
  return only({
    async find(id) {
      const exchange = current();
      const key = `Session:${id}`;
      if (!exchange.read.has(key)) {
        const stored = await readSession(base, tokenHash(id), now());
        exchange.customer = stored?.customer;
        exchange.read.set(key, stored && { ...stored.payload, jti: id, exp: seconds(stored.expiresAt) });
      }
      const payload = exchange.read.get(key);
      exchange.sessionIsKnown = payload !== undefined;
      return payload;
    },
    async upsert(id, { jti: _, ...payload }, expiresIn = 0) {
      const { writes, customer, request, sessionIsKnown } = current();
      writes.session = {
        known: sessionIsKnown,
        hash: tokenHash(id),
        uid: payload.uid ?? '',
        customer: customer?.id ?? null,
        payload,
        ip: request.ip,
        userAgent: (request.headers['user-agent'] ?? '').slice(0, 400),
        expiresAt: inSeconds(expiresIn),
      };
    },
    // The engine drops the old id of a session that gets a new one: the row is the same and changes its id.
    async destroy() {},
  });
}

function grantRecords(base: Base): Adapter {
  return only({
    async find(id) {
      const exchange = current();
      const key = `Grant:${id}`;
      if (!exchange.read.has(key)) {
        const grant = await readGrant(base, id, now());
        if (grant) rememberGrant(exchange, grant);
        exchange.read.set(key, grant && { ...grant.payload, jti: id, exp: seconds(grant.expiresAt) });
      }
      return exchange.read.get(key);
    },
    async upsert(id, { jti: _, ...payload }, expiresIn = 0) {
      const { writes, customer, newSignIn, read } = current();
      if (!customer || newSignIn === undefined) throw new Error('A grant needs a customer and a sign-in.');
      read.set(`Grant:${id}`, { ...payload, jti: id });
      writes.grants.push({
        id,
        customer: customer.id,
        portal: payload.clientId ?? '',
        signIn: newSignIn,
        sessionUid: Provider.ctx?.oidc.session?.uid ?? null,
        payload,
        expiresAt: inSeconds(expiresIn),
      });
    },
    async destroy(id) {
      current().writes.endedGrants.push(id);
    },
  });
}

function proofRecords(base: Base): Adapter {
  return only({
    // The engine looks first and notes afterwards; here looking is noting, so that of two at once one is refused.
    async find(id) {
      const fresh = await seeProof(base.db, tokenHash(id), inSeconds(proofSeconds));
      return fresh ? undefined : { jti: id, exp: seconds(inSeconds(proofSeconds)) };
    },
    async upsert() {},
  });
}
