// The process that decodes what strangers drew: told by messages of a file, it answers the pixels as a new one.
import { Socket } from 'node:net';
import sharp from 'sharp';
import { openFrames } from '../sandbox/frames.ts';
import * as limits from './limits.ts';
import type { FromCleaner, ToCleaner } from './messages.ts';

const mostSide = { portrait: 512, preview: 1024, 'preview-dark': 1024 } as const;
// A drawing is as sharp as one likes; twice what a logo takes on a page.
const drawnSide = 512;
const [ownDpi, leastDpi, mostDpi] = [72, 1, 2400];

// Of the formats that the library knows, these: each is a way in for whoever draws the file.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadHeifBuffer',
    'VipsForeignLoadSvgBuffer',
  ],
});
sharp.cache(false);
sharp.concurrency(1);

const parent = new Socket({ fd: 3 });
const { say } = openFrames<FromCleaner, ToCleaner>(
  parent,
  (message, body) => void answer(message, body),
  limits.mostFetched * 2,
);

async function answer({ id, kind, isSvg }: ToCleaner, body: string): Promise<void> {
  try {
    const bytes = Buffer.from(body, 'base64');
    const isDark = isSvg && kind === 'preview-dark';
    const made = await clean(isDark ? inTheDark(bytes) : bytes, mostSide[kind], isSvg);
    say({ is: 'made', id }, made.toString('base64'));
  } catch {
    // What the library says of it would be for the log of who drew it.
    say({ is: 'refused', id });
  }
}

/** Turned as the camera was held, in sRGB; only the first picture of a moving one; no more of its file than pixels. */
async function clean(bytes: Buffer, side: number, isSvg: boolean): Promise<Buffer> {
  const rules = { limitInputPixels: limits.mostPixels, failOn: 'error', pages: 1 } as const;
  const density = isSvg ? await densityOf(bytes) : ownDpi;
  return sharp(bytes, { ...rules, density })
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 85 })
    .toBuffer();
}

/** A drawing with its rules for dark grounds as rules for all: the library that draws knows of no grounds. */
function inTheDark(bytes: Buffer): Buffer {
  const dark = /@media[^{}]*prefers-color-scheme\s*:\s*dark[^{}]*\{((?:[^{}]*\{[^{}]*\})*[^{}]*)\}/g;
  return Buffer.from(bytes.toString('utf8').replace(dark, '$1'));
}

/** Dots per inch with which a drawing is as large as it is drawn here. */
async function densityOf(bytes: Buffer): Promise<number> {
  const { width, height } = await sharp(bytes, { limitInputPixels: false, density: ownDpi }).metadata();
  const density = (ownDpi * drawnSide) / Math.max(width, height);
  return Math.min(Math.max(density, leastDpi), mostDpi);
}

parent.on('close', () => process.exit());
say({ is: 'started' });
