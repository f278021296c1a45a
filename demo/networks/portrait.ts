import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const size = 96;
const skins = ['#f3d3bd', '#e3b290', '#c68a62', '#9a6440', '#6f452c'];
const hairs = ['#2b211c', '#5a3a22', '#8d5a2b', '#c99a4b', '#7a2f26', '#3c3c46'];
const known = new Map<string, Buffer>();

/** A drawn head and shoulders for a person's id: PNG, 96 x 96, always the same for the same seed. */
export function drawPortrait(seed: string): Buffer {
  const drawn = known.get(seed) ?? encodePng(paint(seed));
  known.set(seed, drawn);
  return drawn;
}

type Colour = readonly [number, number, number];

function paint(seed: string): Buffer {
  const dice = createHash('sha256').update(seed).digest();
  const roll = (index: number, list: readonly string[]): Colour =>
    parseColour(list[dice.readUInt8(index) % list.length] ?? '#888888');
  const hue = dice.readUInt8(0) / 255;
  const [wall, shirt] = [fromHue(hue, 0.82), fromHue((hue + 0.45) % 1, 0.5)];
  const [skin, hair] = [roll(1, skins), roll(2, hairs)];
  const longHair = dice.readUInt8(3) % 2 === 0;
  const colourAt = (x: number, y: number): Colour => {
    if (inside(x, y, 48, 42, 18, 21)) return y < 30 ? hair : skin;
    if (inside(x, y, 48, 104, 38, 36)) return inside(x, y, 48, 70, 10, 9) ? skin : shirt;
    if (inside(x, y, 48, 62, 8, 10)) return skin;
    if (inside(x, y, 48, 38, 22, 22) || (longHair && y > 38 && y < 72 && Math.abs(x - 48) < 22)) return hair;
    return wall;
  };
  const rows = Buffer.alloc(size * (size * 3 + 1));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const corners = [colourAt(x + 0.25, y + 0.25), colourAt(x + 0.75, y + 0.75)];
      corners.push(colourAt(x + 0.25, y + 0.75), colourAt(x + 0.75, y + 0.25));
      for (const channel of [0, 1, 2] as const) {
        const sum = corners.reduce((total, colour) => total + colour[channel], 0);
        rows[y * (size * 3 + 1) + 1 + x * 3 + channel] = Math.round(sum / corners.length);
      }
    }
  }
  return rows;
}

function inside(x: number, y: number, cx: number, cy: number, rx: number, ry: number): boolean {
  return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;
}

function parseColour(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function fromHue(hue: number, lightness: number): Colour {
  const channel = (shift: number) => {
    const k = (shift + hue * 12) % 12;
    const wave = Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * (lightness - 0.45 * Math.min(lightness, 1 - lightness) * wave));
  };
  return [channel(0), channel(8), channel(4)];
}

/** PNG (ISO/IEC 15948): signature, IHDR with 8-bit RGB, one IDAT of unfiltered rows, IEND. */
function encodePng(rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(rows)), pngChunk('IEND')]);
}

/** A part of a PNG file, with its length and checksum. */
export function pngChunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
