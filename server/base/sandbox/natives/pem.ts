// Keys in PEM: texts are written anew from what was read here, so that Node reads just what was checked.
import { createDecipheriv, createHash, getCipherInfo } from 'node:crypto';
import { checkInput, checkKey, isUnlooked, unreadable } from './key-bounds.ts';

/** Node tries one after the other until one is a key. */
const mostUnlooked = 2;

type Block = { label: string; lines: string[] };
type Content = { headers: readonly string[]; bytes: Buffer };

/**
 * The text as Node may have it.
 *
 * @throws RangeError when Node would take long to read what is in it; TypeError when that cannot be told
 */
export function checkedPem(pem: Buffer): Buffer {
  checkInput(pem);
  return writtenAnew(pem, ({ headers, bytes }) => {
    // Without its password Node reads nothing of it, if just this is said: other headers are nothing to OpenSSL.
    if (headers.length === 0) checkKey(bytes);
    else if (!isSaidLocked(headers)) throw unreadable();
    return { headers, bytes };
  });
}

/**
 * The same of keys that a password locks as OpenSSL did it before PKCS#8. They are opened here: what is in them can then be
 * read, and for Node there is no password left.
 *
 * @throws RangeError when Node would take long to read what is in it; Error when the password is not theirs
 */
export function openedPem(pem: Buffer, passphrase: Uint8Array): Buffer {
  checkInput(pem);
  let locked = 0;
  return writtenAnew(pem, ({ headers, bytes }) => {
    if (headers.length > 0) locked += 1;
    if (locked > mostUnlooked || (headers.length > 0 && !isSaidLocked(headers))) throw unreadable();
    const opened = headers.length === 0 ? bytes : open(headers, bytes, passphrase);
    checkKey(opened);
    return { headers: [], bytes: opened };
  });
}

function isSaidLocked(headers: readonly string[]): boolean {
  const [kind = '', how = '', ...more] = headers;
  return kind === 'Proc-Type: 4,ENCRYPTED' && /^DEK-Info: [A-Z0-9-]+-CBC,[A-F0-9]+$/i.test(how) && more.length === 0;
}

function writtenAnew(pem: Buffer, check: (content: Content) => Content): Buffer {
  const blocks = blocksIn(pem).map(({ label, lines }) => ({ label, ...check(contentOf(lines)) }));
  if (blocks.filter(({ bytes }) => isUnlooked(bytes)).length > mostUnlooked) throw unreadable();
  return Buffer.from(blocks.map(written).join(''));
}

function blocksIn(pem: Buffer): Block[] {
  const found: Block[] = [];
  let block: Block | undefined;
  // Some editors write a mark first, which says that it is UTF-8.
  const text = pem.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  for (const written of text.split(/\r?\n/)) {
    const line = written.trimEnd();
    const [, label] = /^-----BEGIN ([A-Z0-9. ]{1,40})-----$/.exec(line) ?? [];
    if (label !== undefined) block = { label, lines: [] };
    else if (block && line === `-----END ${block.label}-----`) {
      found.push(block);
      block = undefined;
    } else block?.lines.push(line);
  }
  return found;
}

function contentOf(lines: readonly string[]): Content {
  const blank = lines[0]?.includes(':') ? lines.indexOf('') : -1;
  const text = lines
    .slice(blank + 1)
    .join('')
    .replace(/\s+/g, '');
  const headers = lines.slice(0, Math.max(blank, 0));
  const areHeaders = headers.every((line) => /^[A-Z][A-Z-]{1,40}: [A-Z0-9,-]+$/i.test(line));
  if (!areHeaders || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw unreadable();
  return { headers, bytes: Buffer.from(text, 'base64') };
}

function written({ label, headers, bytes }: Content & { label: string }): string {
  const head = headers.length === 0 ? '' : `${headers.join('\n')}\n\n`;
  const lines = bytes.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${head}${lines}-----END ${label}-----\n`;
}

/**
 * The password is stretched by one round of MD5, with the first half of what the cipher begins with (RFC 1421).
 *
 * @throws what Node throws for another password
 */
function open(headers: readonly string[], bytes: Buffer, passphrase: Uint8Array): Buffer {
  const [, name = '', hex = ''] = /^DEK-Info: ([A-Z0-9-]+),([A-F0-9]+)$/im.exec(headers.join('\n')) ?? [];
  const { keyLength = 0, ivLength = 0 } = getCipherInfo(name) ?? {};
  const iv = Buffer.from(hex, 'hex');
  if (ivLength < 8 || iv.length !== ivLength) throw unreadable();
  let [key, last] = [Buffer.alloc(0), Buffer.alloc(0)];
  while (key.length < keyLength) {
    last = createHash('md5').update(last).update(passphrase).update(iv.subarray(0, 8)).digest();
    key = Buffer.concat([key, last]);
  }
  const opened = createDecipheriv(name, key.subarray(0, keyLength), iv);
  return Buffer.concat([opened.update(bytes), opened.final()]);
}
