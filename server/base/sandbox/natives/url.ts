// URLs by Node's own parser, told in the way in which Node tells them to its `URL`.
import { domainToASCII, domainToUnicode, format, pathToFileURL } from 'node:url';
import type { Native } from './values.ts';

const omitted = 2 ** 32 - 1;
const schemes = ['http:', '', 'https:', 'ws:', 'ftp:', 'wss:', 'file:'];
const setters = [
  'protocol',
  'host',
  'hostname',
  'port',
  'username',
  'password',
  'pathname',
  'search',
  'hash',
  'href',
] as const;

/** To parse more holds up other code for long; an address may be written longer than it came. */
const [mostText, mostHref] = [2 ** 19, 2 ** 21];

function isTooLong(most: number, ...texts: readonly unknown[]): boolean {
  return texts.reduce<number>((sum, text) => sum + (text === undefined ? 0 : String(text).length), 0) > most;
}

type Parsed = [href: string, ...places: number[]];

function placesOf(url: URL): Parsed {
  const { href, protocol, username, password, hostname, port } = url;
  const protocolEnd = protocol.length;
  const hash = href.indexOf('#');
  const beforeHash = hash < 0 ? href.length : hash;
  const search = href.slice(0, beforeHash).indexOf('?');
  const pathEnd = search < 0 ? beforeHash : search;
  const pathStart = pathEnd - url.pathname.length;
  const slashes = href.startsWith('//', protocolEnd) && pathStart >= protocolEnd + 2 ? 2 : 0;
  const usernameEnd = protocolEnd + slashes + username.length;
  const hostStart = usernameEnd + (password === '' ? 0 : password.length + 1);
  const at = username === '' && password === '' ? 0 : 1;
  return [
    href,
    protocolEnd,
    usernameEnd,
    hostStart,
    hostStart + at + hostname.length,
    port === '' ? omitted : Number(port),
    pathStart,
    search < 0 ? omitted : search,
    hash < 0 ? omitted : hash,
    schemes.includes(protocol) ? schemes.indexOf(protocol) : 1,
  ];
}

/** One that was parsed before. */
function urlOf(href: unknown): URL {
  if (isTooLong(mostHref, href)) throw new RangeError(`An address has ${mostHref} characters at most.`);
  return new URL(String(href));
}

export const urlNatives: Record<string, Native> = {
  // What is too long is no URL, as for Node what is longer than its texts can be.
  'url.parse'(input, base) {
    if (isTooLong(mostText, input, base)) return undefined;
    const url = URL.parse(String(input), base === undefined ? undefined : String(base));
    return url ? placesOf(url) : undefined;
  },
  // The path is whole: Node resolves it before.
  'url.ofPath'(path) {
    if (isTooLong(mostText, path)) throw new RangeError(`A path has ${mostText} characters at most.`);
    return placesOf(pathToFileURL(String(path), { windows: false }));
  },
  'url.update'(href, action, value) {
    if (isTooLong(mostHref, href) || isTooLong(mostText, value)) return undefined;
    const [url, setter] = [new URL(String(href)), setters[Number(action)]];
    if (!setter || (setter === 'href' && !URL.canParse(String(value)))) return undefined;
    url[setter] = String(value);
    return placesOf(url);
  },
  'url.format': (href, hash, unicode, search, auth) =>
    format(urlOf(href), {
      fragment: hash === true,
      unicode: unicode === true,
      search: search === true,
      auth: auth === true,
    }),
  'url.ascii': (domain) => (isTooLong(mostText, domain) ? '' : domainToASCII(String(domain))),
  'url.unicode': (domain) => (isTooLong(mostText, domain) ? '' : domainToUnicode(String(domain))),
  'url.origin': (href) => urlOf(href).origin,
};
