// UTF-8 as Node and the WHATWG have it: what is malformed becomes U+FFFD, a lone surrogate too.

const { fromCharCode } = String;
const chunk = 4096;

/** Bytes that a text takes. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isPair(text, index)) {
      bytes += 4;
      index += 1;
    } else bytes += 3;
  }
  return bytes;
}

function isPair(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
}

/** Writes as many whole characters as fit between two offsets; tells how many units were read and bytes written. */
export function utf8Write(
  text: string,
  bytes: Uint8Array,
  start: number,
  end: number,
): { read: number; written: number } {
  let at = start;
  let index = 0;
  for (; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      if (at + 1 > end) break;
      bytes[at++] = unit;
    } else if (unit < 0x800) {
      if (at + 2 > end) break;
      bytes[at++] = 0xc0 | (unit >> 6);
      bytes[at++] = 0x80 | (unit & 0x3f);
    } else if (isPair(text, index)) {
      if (at + 4 > end) break;
      const point = 0x10000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(index + 1) & 0x3ff);
      index += 1;
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else {
      if (at + 3 > end) break;
      const whole = (unit & 0xf800) === 0xd800 ? 0xfffd : unit;
      bytes[at++] = 0xe0 | (whole >> 12);
      bytes[at++] = 0x80 | ((whole >> 6) & 0x3f);
      bytes[at++] = 0x80 | (whole & 0x3f);
    }
  }
  return { read: index, written: at - start };
}

/** How a lead byte goes on: bytes to follow, and the bounds of the first of them. None: no lead byte. */
export function sequence(lead: number): readonly [more: number, low: number, high: number] | undefined {
  if (lead >= 0xc2 && lead <= 0xdf) return [1, 0x80, 0xbf];
  if (lead === 0xe0) return [2, 0xa0, 0xbf];
  if (lead === 0xed) return [2, 0x80, 0x9f];
  if (lead >= 0xe1 && lead <= 0xef) return [2, 0x80, 0xbf];
  if (lead === 0xf0) return [3, 0x90, 0xbf];
  if (lead >= 0xf1 && lead <= 0xf3) return [3, 0x80, 0xbf];
  if (lead === 0xf4) return [3, 0x80, 0x8f];
  return undefined;
}

/** Where the first malformed sequence starts; the length if there is none. */
export function utf8Fault(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; ) {
    const taken = takeOne(bytes, at, bytes.length);
    if (taken.point < 0) return at;
    at += taken.length;
  }
  return bytes.length;
}

function takeOne(bytes: Uint8Array, at: number, end: number): { point: number; length: number } {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return { point: lead, length: 1 };
  const form = sequence(lead);
  if (!form) return { point: -1, length: 1 };
  const [more] = form;
  let [, low, high] = form;
  let point = lead & (0x3f >> more);
  for (let index = 1; index <= more; index += 1) {
    const byte = at + index < end ? (bytes[at + index] ?? 0) : 0;
    // What was well-formed so far is one fault, and the byte that broke it is looked at anew.
    if (byte < low || byte > high) return { point: -1, length: index };
    point = (point << 6) | (byte & 0x3f);
    [low, high] = [0x80, 0xbf];
  }
  return { point, length: more + 1 };
}

/** Text of bytes. */
export function utf8Read(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let units: number[] = [];
  for (let at = start; at < end; ) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      units[units.length] = lead;
      at += 1;
    } else {
      const { point, length } = takeOne(bytes, at, end);
      if (point < 0) units[units.length] = 0xfffd;
      else if (point < 0x10000) units[units.length] = point;
      else {
        units[units.length] = 0xd800 + ((point - 0x10000) >> 10);
        units[units.length] = 0xdc00 + ((point - 0x10000) & 0x3ff);
      }
      at += length;
    }
    if (units.length >= chunk) {
      text += fromCharCode(...units);
      units = [];
    }
  }
  return text + fromCharCode(...units);
}

/** Text of bytes that are units already: one byte each, masked, or two bytes each, little end first. */
export function unitsRead(bytes: Uint8Array, start: number, end: number, width: 1 | 2, mask: number): string {
  let text = '';
  for (let at = start; at < end; at += chunk * width) {
    const units: number[] = [];
    const stop = Math.min(end, at + chunk * width);
    for (let index = at; index + width <= stop; index += width) {
      const low = bytes[index] ?? 0;
      units[units.length] = width === 1 ? low & mask : low | ((bytes[index + 1] ?? 0) << 8);
    }
    text += fromCharCode(...units);
  }
  return text;
}
