import type { FastifyRequest } from 'fastify';
import type { Fields } from './fields.ts';

/** An app registered at a network, as in the network's developer console. */
export interface NetworkClient {
  clientId: string;
  /** The secret; at Apple the PEM of the key that signs client secrets (the private one or its public half). */
  clientSecret: string;
  /** Matched character by character. */
  redirectUris: readonly string[];
  /** Where its people may be sent once they are signed out; matched character by character. */
  logoutUris?: readonly string[];
  /** Shown to people. */
  name?: string;
  /** Apple only. */
  teamId?: string;
  /** Apple only: the id of the key in `clientSecret`. */
  keyId?: string;
}

export interface Clients {
  /** Adds a client, or puts it in place of the one with the same id. */
  register(client: NetworkClient): void;
  find(clientId: string | undefined): NetworkClient | undefined;
}

export function createClients(first: readonly NetworkClient[]): Clients {
  const byId = new Map(first.map((client) => [client.clientId, client]));
  return {
    register(client) {
      byId.set(client.clientId, client);
    },
    find: (clientId) => (clientId === undefined ? undefined : byId.get(clientId)),
  };
}

/** How a client may say who it is at the token endpoint (RFC 6749 2.3.1). */
export type ClientAuth = 'basic' | 'body';

export type ClientProof = { client: NetworkClient } | { refused: 'missing' | 'unknown' | 'secret' };

/** Checks id and secret, in the ways the network takes and in no other; never in two at once. */
export function proveClient(
  request: FastifyRequest,
  fields: Fields,
  clients: Clients,
  ways: readonly ClientAuth[],
): ClientProof {
  const basic = readBasic(request.headers.authorization);
  if (basic && fields.client_secret !== undefined) return { refused: 'secret' };
  const sent = basic ? { way: 'basic' as const, ...basic } : readBody(fields);
  if (!sent || !ways.includes(sent.way)) return { refused: 'missing' };
  const client = clients.find(sent.id);
  if (!client) return { refused: 'unknown' };
  if (basic && fields.client_id !== undefined && fields.client_id !== sent.id) return { refused: 'unknown' };
  return client.clientSecret === sent.secret ? { client } : { refused: 'secret' };
}

function readBody(fields: Fields): { way: 'body'; id: string; secret: string } | null {
  const { client_id: id, client_secret: secret } = fields;
  return id === undefined || secret === undefined ? null : { way: 'body', id, secret };
}

function readBasic(header: string | undefined): { id: string; secret: string } | null {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : { id: formDecode(pair.slice(0, colon)), secret: formDecode(pair.slice(colon + 1)) };
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
