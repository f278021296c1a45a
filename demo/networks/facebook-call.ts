import { createHmac } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { readBearer } from './bearer.ts';
import type { World } from './definition.ts';
import type { GraphError } from './facebook-errors.ts';
import { readFields } from './fields.ts';
import type { Person } from './people.ts';

/** A checked Graph API call: whose token, and what that person allows this app at the moment. */
export interface GraphCall {
  person: Person;
  token: string;
  allowed: ReadonlySet<string>;
  declined: ReadonlySet<string>;
}

/** Token, proof and node, in the order Facebook complains about them. */
export function checkCall(world: World, request: FastifyRequest): GraphCall | GraphError {
  const query = readFields(request.query);
  const token = query.access_token ?? readBearer(request);
  if (token === undefined) {
    return { code: 2500, message: 'An active access token must be used to query information about the current user.' };
  }
  const grant = world.grants.readToken('access', token);
  if (!grant) return { code: 190, message: 'Invalid OAuth access token - Cannot parse access token' };
  if (grant === 'expired') {
    return { code: 190, subcode: 463, message: 'Error validating access token: Session has expired.' };
  }
  const { clientId } = grant.ask.client;
  const client = world.clients.find(clientId) ?? grant.ask.client;
  const proof = createHmac('sha256', client.clientSecret).update(token).digest('hex');
  if (query.appsecret_proof === undefined) {
    const message = 'API calls from the server require an appsecret_proof argument';
    return { code: 100, type: 'GraphMethodException', message };
  }
  if (query.appsecret_proof !== proof) {
    const message = 'Invalid appsecret_proof provided in the API argument';
    return { code: 100, type: 'GraphMethodException', message };
  }
  const person = world.people.find(grant.personId);
  const agreement = world.agreements.find(clientId, grant.personId);
  if (!person || !agreement) {
    const message = 'Error validating access token: The user has not authorized the application.';
    return { code: 190, subcode: 458, message };
  }
  const node = readFields(request.params).node ?? '';
  if (node !== 'me' && node !== person.id) {
    const message = `Unsupported get request. Object with ID '${node}' does not exist or may not be loaded.`;
    return { code: 100, subcode: 33, type: 'GraphMethodException', message };
  }
  return { person, token, allowed: agreement.granted, declined: agreement.declined };
}
