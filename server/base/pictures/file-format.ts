import type { PictureKind } from './picture.ts';

type FileFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'svg';

/** Is this a file of which a picture of this kind is made? Told by how it begins, and never by what its server calls it. */
export function isTaken(bytes: Buffer, kind: PictureKind): boolean {
  const format = formatOf(bytes);
  return format !== undefined && (format !== 'svg' || kind !== 'portrait');
}

/** The format by the first bytes of a file; undefined for one that is none of these. */
export function formatOf(bytes: Buffer): FileFormat | undefined {
  const ascii = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (ascii(0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
  if (/^GIF8[79]a$/.test(ascii(0, 6))) return 'gif';
  if (ascii(4, 8) === 'ftyp' && /^(avif|avis|mif1|msf1)$/.test(ascii(8, 12))) return 'avif';
  return /^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg)[\s>]/i.test(ascii(0, 1000)) ? 'svg' : undefined;
}
