import { isSingleScript } from './single-script.ts';

// RFC 5321, 4.5.3.1: octets of the part before the @, and of the whole path without its angle brackets.
const mostLocal = 64;
const mostAll = 254;

// What stands between the dots before the @ (RFC 5322 dot-atom, with the letters of RFC 6531). No quotes: what they
// allow ("a@b"@c) is read differently by different programs.
const atom = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;
const label = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
const asciiLabel = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * The one form in which an e-mail address is stored and compared: NFKC, lower case, the domain in ASCII (IDNA).
 * Normalised first and looked at afterwards, so that nothing turns into an `@` or a dot after the look.
 *
 * @returns undefined for what is no address that a mail can go to, or mixes scripts so that it looks like another one
 */
export function normaliseEmail(text: string): string | undefined {
  // Letters that show nothing (fillers) would make two addresses look the same.
  if (text.length > 1000 || !text.isWellFormed() || /\p{Default_Ignorable_Code_Point}/u.test(text)) return undefined;
  const plain = text.trim().normalize('NFKC').toLowerCase().normalize('NFKC');
  const parts = plain.split('@');
  const [local, domain] = parts;
  if (parts.length !== 2 || !local || !domain) return undefined;
  const host = normaliseDomain(domain);
  if (!host || !isLocalPart(local)) return undefined;
  const address = `${local}@${host}`;
  return octets(address) <= mostAll ? address : undefined;
}

function isLocalPart(local: string): boolean {
  return octets(local) <= mostLocal && isSingleScript(local) && local.split('.').every((part) => atom.test(part));
}

function normaliseDomain(domain: string): string | undefined {
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((part) => label.test(part) && isSingleScript(part))) return undefined;
  // The URL parser of browser and server brings international names to ASCII (UTS 46); it cannot be misled by other
  // characters, for none is left.
  const url = `http://${domain}/`;
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const ascii = host.split('.');
  const last = ascii.at(-1) ?? '';
  // A name that ends in a number is an IP address to that parser (127.1, 0x7f.1).
  return host.length <= 253 && ascii.length >= 2 && ascii.every((part) => asciiLabel.test(part)) && !/^\d+$/.test(last)
    ? host
    : undefined;
}

function octets(text: string): number {
  return new TextEncoder().encode(text).length;
}
