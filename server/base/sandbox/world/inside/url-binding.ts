// The native half of `URL`: the process outside parses, by Node's own parser.
import { native } from './host.ts';
import { makeError } from './node-errors.ts';

/** `href` and where its parts start, in Node's order; undefined: no URL. */
type Parsed = [href: string, ...places: number[]] | undefined;

const urlComponents = new Uint32Array(9);

function ask(name: string, ...values: unknown[]): Parsed {
  const answer = native(name, ...values);
  return Array.isArray(answer) && typeof answer[0] === 'string'
    ? [answer[0], ...answer.slice(1).map(Number)]
    : undefined;
}

function keep(parsed: Parsed): string | undefined {
  if (!parsed) return undefined;
  const [href, ...places] = parsed;
  urlComponents.set(places);
  return href;
}

/** `internalBinding('url')` */
export const urlBinding = {
  urlComponents,
  parse(input: string, base: string | undefined, raises: boolean): string | undefined {
    const href = keep(ask('url.parse', input, base));
    if (href === undefined && raises) throw makeError('ERR_INVALID_URL', input, base ?? null);
    return href;
  },
  canParse: (input: string, base?: string) => ask('url.parse', input, base) !== undefined,
  update: (href: string, action: number, value: string) => keep(ask('url.update', href, action, value)) ?? false,
  format: (href: string, hash: boolean, unicode: boolean, search: boolean, auth: boolean) =>
    native('url.format', href, hash, unicode, search, auth),
  domainToASCII: (domain: string) => native('url.ascii', domain),
  domainToUnicode: (domain: string) => native('url.unicode', domain),
  getOrigin: (href: string) => native('url.origin', href),
  pathToFileURL: (path: string) => keep(ask('url.ofPath', path)),
};
