import {
  allowInsecureRequests,
  Configuration,
  type CustomFetch,
  type CustomFetchOptions,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  setJwksCache,
} from 'openid-client';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { OutgoingInit } from '../../base/net.ts';
import type { NetworkConnection } from './connection.ts';
import type { Network } from './network.ts';

const wholeMs = 10_000;
const oneCallMs = 5000;
const freshMs = 60 * 60 * 1000;
const staleMs = 24 * freshMs;

/** What this process remembers of a network until its connection changes: its metadata and its public keys. */
export type UpstreamMemory = {
  discovered?: { text: string; at: number };
  jwks?: Parameters<typeof setJwksCache>[1] | undefined;
};

/** One sign-in's client: every call guarded, 5 s each, 10 s in all. */
export type UpstreamClient = {
  config: Configuration;
  fetch: CustomFetch;
  memory: UpstreamMemory;
};

/**
 * Opens the library's client for one sign-in. It checks everything it can: state, `iss`, the ID token's issuer,
 * audience, times, nonce and (not only relying on TLS) its signature.
 */
export async function openClient(
  base: Pick<Base, 'settings' | 'outgoing'>,
  connection: NetworkConnection,
  network: Network,
): Promise<UpstreamClient> {
  const memory = await base.settings.remember<UpstreamMemory>(`upstream:${connection.id}`, async () => ({}));
  const fetch = guardedFetch(base.outgoing);
  const config = await configure(base, connection.options.client_id, network, fetch, memory);
  const { token_endpoint = '', jwks_uri } = config.serverMetadata();
  if (await speaksHttp(base, token_endpoint)) allowInsecureRequests(config);
  if (jwks_uri) enableNonRepudiationChecks(config);
  if (memory.jwks) setJwksCache(config, memory.jwks);
  config[customFetch] = fetch;
  return { config, fetch, memory };
}

/** Where the network ends its sessions: as the connection says, else as the network publishes it. */
export function sessionEndOf({ config }: UpstreamClient, { options }: NetworkConnection): string | undefined {
  const set = 'end_session_endpoint' in options ? options.end_session_endpoint : undefined;
  return set ?? config.serverMetadata().end_session_endpoint;
}

async function configure(
  base: Pick<Base, 'outgoing'>,
  clientId: string,
  { server, auth }: Network,
  fetch: CustomFetch,
  memory: UpstreamMemory,
): Promise<Configuration> {
  if ('metadata' in server) return new Configuration(server.metadata, clientId, undefined, auth);
  const found = discoveryFetch(server.calledAt, fetch, memory);
  const clear = await speaksHttp(base, server.calledAt ?? server.discover);
  const config = await discovery(new URL(server.discover), clientId, undefined, auth, {
    [customFetch]: found.fetch,
    ...(clear && { execute: [allowInsecureRequests] }),
  });
  found.keep();
  return config;
}

/** Plain http is for the umbrella's own hosts only. */
async function speaksHttp({ outgoing }: Pick<Base, 'outgoing'>, address: string): Promise<boolean> {
  return address.startsWith('http:') && (await outgoing.isOwn(address));
}

function guardedFetch(outgoing: Base['outgoing']): CustomFetch {
  const whole = AbortSignal.timeout(wholeMs);
  return (url, { method, headers, body, signal }) => {
    const ends = signal ? AbortSignal.any([whole, signal]) : whole;
    return outgoing.fetch(url, { method, headers, body: plainBody(body), signal: ends }, { timeoutMs: oneCallMs });
  };
}

function plainBody(body: CustomFetchOptions['body']): OutgoingInit['body'] {
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (body instanceof ReadableStream) throw new TypeError('a stream cannot be sent');
  return body;
}

/**
 * Answers the discovery request from memory for an hour, and for a day while the network does not answer. What came
 * is kept once the library took it (`keep`).
 */
function discoveryFetch(
  calledAt: string | undefined,
  fetch: CustomFetch,
  memory: UpstreamMemory,
): { fetch: CustomFetch; keep(): void } {
  let came: UpstreamMemory['discovered'];
  const known = memory.discovered;
  const age = known ? now().getTime() - known.at : Number.POSITIVE_INFINITY;
  const answer = (text: string) => new Response(text, { headers: { 'content-type': 'application/json' } });
  return {
    async fetch(address, options) {
      if (known && age < freshMs) return answer(known.text);
      const url = new URL(address);
      try {
        const response = await fetch(calledAt ? `${calledAt}${url.pathname}` : url.href, options);
        const text = await response.clone().text();
        if (response.ok) came = { text, at: now().getTime() };
        if (response.ok || !known || age > staleMs) return response;
      } catch (error) {
        if (!known || age > staleMs) throw error;
      }
      return answer(known.text);
    },
    keep() {
      if (came) memory.discovered = came;
    },
  };
}
