import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Reader } from 'maxmind';

// Readers of single values. Each returns the value or throws an Error whose message goes on after the variable's
// name ("must be ..."). No message repeats the value: it may be a secret.

/** A TCP port, 1 to 65535. */
export function port(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > 65_535) throw new Error('must be a port from 1 to 65535');
  return number;
}

/** An IP address to listen on. */
export function address(text: string): string {
  if (!isIP(text)) throw new Error('must be an IP address such as 127.0.0.1, 0.0.0.0 or ::');
  return text;
}

/** An http or https origin: no path, no query, no user. Returned without the slash at its end. */
export function origin(text: string): string {
  const url = URL.parse(text);
  const right = url && /^https?:$/.test(url.protocol) && url.hostname && !url.username && !url.password;
  if (!right || url.pathname !== '/' || url.search || url.hash || /[\s?#]/.test(text)) {
    throw new Error('must be an address like https://login.example.com, without path');
  }
  return url.origin;
}

/** Addresses and CIDR ranges, separated by commas. */
export function cidrs(text: string): string[] {
  const list = text.split(',').map((part) => part.trim());
  for (const range of list) {
    const [ip = '', bits, ...rest] = range.split('/');
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(ip)] ?? -1;
    const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
    if (most < 0 || !fits || rest.length > 0) {
      throw new Error('must be a list of IP addresses or CIDR ranges such as 10.0.0.0/8,fd00::/8');
    }
  }
  return list;
}

/** The connection string of a PostgreSQL database. */
export function databaseUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.pathname.length < 2) {
    throw new Error('must be like postgresql://user:password@host:5432/database');
  }
  return text;
}

/** The connection string of a mail server. */
export function smtpUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^smtps?:$/.test(url.protocol) || !url.hostname) {
    throw new Error('must be like smtp://user:password@host:587 or smtps://user:password@host:465');
  }
  return text;
}

/** A mail sender, `no-reply@example.com` or `Name <no-reply@example.com>`. */
export function sender(text: string): string {
  if (!/^(?:[^<>@\r\n]*<[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+)$/.test(text)) {
    throw new Error('must be an e-mail address or like Name <no-reply@example.com>');
  }
  return text;
}

/** One plain e-mail address. */
export function email(text: string): string {
  if (!/^[^\s<>@,]+@[^\s<>@,]+\.[^\s<>@,]+$/.test(text)) throw new Error('must be an e-mail address');
  return text;
}

/** Text of `least` to 128 characters. */
export function passphrase(least: number): (text: string) => string {
  return (text) => {
    const length = [...text].length;
    if (length < least || length > 128) throw new Error(`must have ${least} to 128 characters`);
    return text;
  };
}

/** A whole number of megabytes, at least `least`. */
export function megabytes(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d{1,7}$/.test(text) || number < least) throw new Error(`must be a number of megabytes, at least ${least}`);
    return number;
  };
}

/** An id of letters, digits, `_` and `-`. */
export function identifier(text: string): string {
  if (!/^[\w-]{8,64}$/.test(text)) throw new Error('must be 8 to 64 letters, digits, "_" or "-"');
  return text;
}

/** Keys of 32 bytes in base64 or base64url, separated by commas, the newest first. */
export function secrets(text: string): [Buffer, ...Buffer[]] {
  const [first, ...rest] = text.split(',').map((part) => {
    const bytes = Buffer.from(part.trim(), 'base64');
    if (!/^[\w+/-]{43}=?$/.test(part.trim()) || bytes.length !== 32) {
      throw new Error('must be a key of 32 bytes in base64 (or new,old): `openssl rand -base64 32` makes one');
    }
    return bytes;
  });
  if (!first) throw new Error('must not be empty');
  return [first, ...rest];
}

/** A folder's absolute path; it may not exist yet, but must not be something else. */
export function folder(text: string): string {
  const path = resolve(text);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) throw new Error('must be a folder');
  return path;
}

/** The absolute path of a file in MaxMind's format. */
export function placesFile(text: string): string {
  const bytes = readBytes(text);
  try {
    new Reader(bytes);
  } catch {
    throw new Error('must be an .mmdb file');
  }
  return resolve(text);
}

/** A PEM file with at least one certificate; its text. */
export function certificate(text: string): string {
  const pem = readText(text);
  try {
    new X509Certificate(pem);
  } catch {
    throw new Error('must be a PEM file that holds a certificate');
  }
  return pem;
}

/** A PEM file with the private key of `cert` (PEM text); its text. */
export function keyOf(cert: string): (text: string) => string {
  return (text) => {
    const key = readText(text);
    try {
      createSecureContext({ cert, key });
    } catch {
      throw new Error('must be a PEM file that holds the private key of REGULARS_TLS_CERT');
    }
    return key;
  };
}

function readText(path: string): string {
  return readBytes(path).toString('utf8');
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new Error('must name a file that can be read');
  }
}
