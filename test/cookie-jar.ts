// Cookies as a browser keeps them (RFC 6265bis): by host and path, with SameSite and expiry. Ports share cookies.

type Cookie = {
  name: string;
  value: string;
  host: string;
  path: string;
  sameSite: string;
  secure: boolean;
  until: number;
};

export type CookieJar = {
  /** The Cookie header for a request; `from` is the page that sends it, if it is not typed or redirected to. */
  header(url: URL, sent?: { method: string; from?: URL | undefined }): string;
  store(url: URL, setCookies: readonly string[]): void;
  /** Every cookie that is kept, for assertions and for thieves in tests. */
  all(): readonly Readonly<Cookie>[];
  /** Forgets the cookies of this name. */
  remove(name: string): void;
  clear(): void;
};

export function createCookieJar(): CookieJar {
  const kept = new Map<string, Cookie>();

  return {
    header(url, sent = { method: 'GET' }) {
      const isCrossSite = sent.from !== undefined && sent.from.hostname !== url.hostname;
      return [...kept.values()]
        .filter((cookie) => cookie.host === url.hostname && isBelow(url.pathname, cookie.path))
        .filter((cookie) => cookie.until > Date.now() && (!cookie.secure || url.protocol === 'https:'))
        .filter(
          (cookie) =>
            !isCrossSite || cookie.sameSite === 'none' || (cookie.sameSite === 'lax' && sent.method === 'GET'),
        )
        .sort((a, b) => b.path.length - a.path.length)
        .map((cookie) => `${cookie.name}=${cookie.value}`)
        .join('; ');
    },
    store(url, setCookies) {
      for (const line of setCookies) {
        const cookie = parse(line, url);
        const key = `${cookie.host} ${cookie.path} ${cookie.name}`;
        if (cookie.until <= Date.now()) kept.delete(key);
        else kept.set(key, cookie);
      }
    },
    all: () => [...kept.values()],
    remove(name) {
      for (const [key, cookie] of kept) if (cookie.name === name) kept.delete(key);
    },
    clear: () => kept.clear(),
  };
}

function parse(line: string, url: URL): Cookie {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim());
  const attributes = new Map(
    rest.map((part): [string, string] => {
      const at = part.indexOf('=');
      return at < 0 ? [part.toLowerCase(), ''] : [part.slice(0, at).toLowerCase(), part.slice(at + 1)];
    }),
  );
  const at = pair.indexOf('=');
  const path = attributes.get('path');
  return {
    name: pair.slice(0, at),
    value: pair.slice(at + 1),
    host: url.hostname,
    path: path?.startsWith('/') ? path : url.pathname.replace(/\/[^/]*$/, '') || '/',
    sameSite: (attributes.get('samesite') ?? 'lax').toLowerCase(),
    secure: attributes.has('secure'),
    until: expiry(attributes),
  };
}

function expiry(attributes: Map<string, string>): number {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined) return Date.now() + Number(maxAge) * 1000;
  const expires = attributes.get('expires');
  return expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires);
}

function isBelow(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}
