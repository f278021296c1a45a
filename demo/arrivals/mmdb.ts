// Writes a small file of places of IP addresses in MaxMind's format (https://maxmind.github.io/MaxMind-DB/), for the demo and for tests.
import { writeFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';

const englishNames = new Intl.DisplayNames('en', { type: 'region' });

type Value = string | number | { readonly double: number } | readonly Value[] | { readonly [name: string]: Value };

/** A city of the file, in every language that it has. */
export type City = {
  readonly country: string;
  readonly city?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly postalCode?: string;
  readonly timeZone?: string;
  readonly continent?: string;
  /** Its code and its name. */
  readonly subdivision?: readonly [code: string, name: string];
};

/** Writes the file: places by network, `{'81.2.69.0/24': {...}, '2a01:e0a::/32': {...}}`. */
export async function writeMmdb(path: string, places: Readonly<Record<string, City>>): Promise<void> {
  await writeFile(path, makeMmdb(places));
}

/** The bytes of such a file. */
export function makeMmdb(places: Readonly<Record<string, City>>): Buffer {
  // A tree of 128 bits; IPv4 stands at ::/96. A leaf is the offset of its data.
  const nodes: [Leaf, Leaf][] = [[undefined, undefined]];
  const chunks: Buffer[] = [];
  let offset = 0;
  for (const [network, place] of Object.entries(places)) {
    const data = encode(recordOf(place));
    insert(nodes, bitsOf(network), { data: offset });
    chunks.push(data);
    offset += data.length;
  }
  const tree = Buffer.concat(nodes.map((pair) => Buffer.concat(pair.map((leaf) => record(leaf, nodes.length)))));
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: 'Test-City',
    description: { en: 'Places for tests' },
    ip_version: 6,
    languages: ['en', 'de'],
    node_count: nodes.length,
    record_size: 24,
  });
  const marker = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
  return Buffer.concat([tree, Buffer.alloc(16), ...chunks, marker, metadata]);
}

type Leaf = number | { readonly data: number } | undefined;

function recordOf({ country, city, latitude, longitude, postalCode, timeZone, continent, subdivision }: City): Value {
  const location = {
    ...(latitude !== undefined && longitude !== undefined && { latitude: { double: latitude } }),
    ...(latitude !== undefined && longitude !== undefined && { longitude: { double: longitude } }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
  };
  return {
    country: { iso_code: country, names: { en: englishName(country) } },
    ...(city !== undefined && { city: { names: { en: city, de: city } } }),
    ...(Object.keys(location).length > 0 && { location }),
    ...(postalCode !== undefined && { postal: { code: postalCode } }),
    ...(continent !== undefined && { continent: { code: continent } }),
    ...(subdivision && { subdivisions: [{ iso_code: subdivision[0], names: { en: subdivision[1] } }] }),
  };
}

/** What is no code of a country stands for itself. */
function englishName(country: string): string {
  return (/^[A-Z]{2}$/.test(country) && englishNames.of(country)) || country;
}

function insert(nodes: [Leaf, Leaf][], bits: readonly (0 | 1)[], leaf: Leaf): void {
  let at = 0;
  for (const [depth, bit] of bits.entries()) {
    const node = nodes[at];
    if (!node) throw new Error('the tree is broken');
    if (depth === bits.length - 1) {
      node[bit] = leaf;
      return;
    }
    const next = node[bit];
    if (typeof next === 'number') at = next;
    else {
      nodes.push([undefined, undefined]);
      at = nodes.length - 1;
      node[bit] = at;
    }
  }
}

function bitsOf(network: string): (0 | 1)[] {
  const [address = '', length = ''] = network.split('/');
  const four = isIPv4(address);
  const groups = four ? [0, 0, 0, 0, 0, 0, ...pairsOf(address)] : groupsOf(address);
  const bits = groups.flatMap((group) => [...group.toString(2).padStart(16, '0')].map((bit) => (bit === '1' ? 1 : 0)));
  return bits.slice(0, Number(length) + (four ? 96 : 0));
}

function pairsOf(address: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

function groupsOf(address: string): number[] {
  const [head = '', tail = ''] = address.split('::');
  const read = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [read(head), read(tail)];
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}

/** 24 bits: another node, nothing (the number of nodes), or what stands in the data behind 16 empty bytes. */
function record(leaf: Leaf, count: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(leaf === undefined ? count : typeof leaf === 'number' ? leaf : count + 16 + leaf.data, 0, 3);
  return bytes;
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([control(2, text.length), text]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  if (isList(value)) return Buffer.concat([Buffer.from([value.length, 11 - 7]), ...value.map(encode)]);
  if ('double' in value && typeof value.double === 'number') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value.double);
    return Buffer.concat([control(3, 8), bytes]);
  }
  const entries = Object.entries(value);
  return Buffer.concat([
    control(7, entries.length),
    ...entries.flatMap(([name, inner]) => [encode(name), encode(inner)]),
  ]);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function control(type: number, size: number): Buffer {
  if (size < 29) return Buffer.from([(type << 5) | size]);
  return Buffer.from([(type << 5) | 29, size - 29]);
}
