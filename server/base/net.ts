import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, isIPv4 } from 'node:net';
import { judgeAddress } from './address-rules.ts';
import { Problem } from './errors.ts';
import { type Exchange, exchange, outgoingFailure } from './outgoing-exchange.ts';

/** What is sent. Without `redirect: 'follow'` a redirect is handed back as it is. */
export type OutgoingInit = {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | URLSearchParams | Uint8Array | null | undefined;
  redirect?: 'manual' | 'follow';
  signal?: AbortSignal | null | undefined;
};

/**
 * `timeoutMs` counts for the whole act: name, connection, redirects, body. We ask for nothing compressed; with
 * `takesPacked` an answer that is so all the same is handed on as it came, with its `content-encoding`.
 */
export type OutgoingLimits = { timeoutMs?: number; maxBytes?: number; takesPacked?: boolean };

/** Every request that leaves the server goes through here. */
export type Outgoing = {
  /**
   * Calls an http(s) address and reads the answer whole (5 s and 1 MB unless told otherwise). The name is resolved
   * once, every address is judged, and the connection goes to just these.
   *
   * @throws Problem `outgoing_refused` for an address that may not be called; `outgoing_failed` with
   *   `extra.reason` for one that did not answer
   */
  fetch(url: string | URL, init?: OutgoingInit, limits?: OutgoingLimits): Promise<Response>;
  /** Is this one of the umbrella's own hosts, which may be private and may speak plain http? */
  isOwn(url: string | URL): Promise<boolean>;
};

/** Where `createOutgoing` gets from what it must not decide itself. */
export type OutgoingSources = {
  /** `host:port` of the umbrella's own hosts. */
  ownHosts(): Promise<ReadonlySet<string>>;
  /** All addresses of a name; the system's resolver unless told otherwise. */
  resolve?(hostname: string): Promise<readonly LookupAddress[]>;
};

const mostRedirects = 3;
// What may cross to another origin on a redirect: nothing that could be a credential.
const harmless = new Set(['accept', 'accept-language', 'user-agent']);

/** Opens the one door to the outside. */
export function createOutgoing({ ownHosts, resolve = resolveAll }: OutgoingSources): Outgoing {
  const isOwn = async (url: URL) => (await ownHosts()).has(hostAndPort(url));

  async function allowedAddresses(url: URL, signal: AbortSignal): Promise<readonly LookupAddress[]> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const family = isIP(host);
    const addresses = family ? [{ address: host, family }] : await inTime(resolve(host), signal);
    const [own, kinds] = [await isOwn(url), addresses.map(({ address }) => judgeAddress(address))];
    // One bad address among good ones is an attempt, not a fallback.
    if (kinds.includes('never') || (kinds.includes('own') && !own)) throw new Problem('outgoing_refused');
    if (addresses.length === 0) throw outgoingFailure('connection');
    return addresses;
  }

  async function send(
    url: URL,
    init: OutgoingInit,
    signal: AbortSignal,
    bounds: Pick<Exchange, 'maxBytes' | 'takesPacked'>,
  ): Promise<Response> {
    const addresses = await allowedAddresses(url, signal);
    const body = bodyOf(init.body);
    const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'Regulars', 'accept-encoding': 'identity' };
    for (const [name, value] of Object.entries(init.headers ?? {})) headers[name.toLowerCase()] = value;
    if (init.body instanceof URLSearchParams) headers['content-type'] ??= 'application/x-www-form-urlencoded';
    if (body) headers['content-length'] = String(body.length);
    return exchange({ url, addresses, method: init.method ?? 'GET', headers, body, signal, ...bounds });
  }

  return {
    isOwn: async (url) => isOwn(readUrl(url)),
    async fetch(address, init = {}, { timeoutMs = 5000, maxBytes = 1_000_000, takesPacked = false } = {}) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const signal = init.signal ? AbortSignal.any([deadline, init.signal]) : deadline;
      let [url, next] = [readUrl(address), init];
      for (let hops = 0; ; hops += 1) {
        const response = await send(url, next, signal, { maxBytes, takesPacked });
        const location = response.headers.get('location');
        if (init.redirect !== 'follow' || !isRedirect(response.status) || location === null) return response;
        if (hops === mostRedirects) throw outgoingFailure('redirects');
        const target = readUrl(location, url);
        next = afterRedirect(response.status, next, url, target);
        url = target;
      }
    },
  };
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** What is sent on: a POST becomes a GET but for 307 and 308; another origin gets neither credentials nor a body. */
function afterRedirect(status: number, init: OutgoingInit, from: URL, to: URL): OutgoingInit {
  if (from.protocol === 'https:' && to.protocol !== 'https:') throw new Problem('outgoing_refused');
  const { body, ...bare } = init;
  const keeps = status === 307 || status === 308 || init.method === undefined || /^(GET|HEAD)$/i.test(init.method);
  const moved: OutgoingInit = keeps ? { ...init } : { ...bare, method: 'GET' };
  if (from.origin === to.origin) return moved;
  if (moved.body !== undefined && moved.body !== null) throw new Problem('outgoing_refused');
  const safe = Object.entries(init.headers ?? {}).filter(([name]) => harmless.has(name.toLowerCase()));
  return { ...moved, headers: Object.fromEntries(safe) };
}

function readUrl(address: string | URL, base?: URL): URL {
  const text = String(address);
  if (!URL.canParse(text, base?.href)) throw new Problem('outgoing_refused');
  const url = new URL(text, base?.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Problem('outgoing_refused');
  if (url.username !== '' || url.password !== '') throw new Problem('outgoing_refused');
  // The URL parser reads `0x7f.1` and `2130706433` as IPv4; who writes an address that way hides it.
  const disguised = isIPv4(url.hostname) && url.hostname !== base?.hostname && !text.includes(`//${url.hostname}`);
  if (disguised) throw new Problem('outgoing_refused');
  return url;
}

function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

function bodyOf(body: OutgoingInit['body']): Buffer | undefined {
  if (body === undefined || body === null) return undefined;
  return typeof body === 'object' && !(body instanceof URLSearchParams) ? Buffer.from(body) : Buffer.from(String(body));
}

async function resolveAll(hostname: string): Promise<LookupAddress[]> {
  return lookup(hostname, { all: true, order: 'verbatim' });
}

/** Name resolution cannot be cancelled: it is left behind when time is up. */
async function inTime(work: Promise<readonly LookupAddress[]>, signal: AbortSignal): Promise<readonly LookupAddress[]> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(outgoingFailure('timeout'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } catch (error) {
    throw error instanceof Problem ? error : outgoingFailure('connection', error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
