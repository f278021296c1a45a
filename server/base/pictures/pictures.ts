import type { Logger } from 'pino';
import { isProblem } from '../errors.ts';
import type { Outgoing } from '../net.ts';
import { shareReads } from '../shared-read.ts';
import { openCleaner } from './cleaner.ts';
import { fewAtOnce } from './few-at-once.ts';
import { isTaken } from './file-format.ts';
import { KeptPictures } from './kept-pictures.ts';
import * as limits from './limits.ts';
import { Picture, type PictureKind, pictureKinds } from './picture.ts';

export { Picture, type PictureKind } from './picture.ts';

/** Pictures of other sites, made anew so that they can be shown from here. */
export type Pictures = {
  /**
   * The picture at an https address, or on one of the umbrella's own hosts. What could not be had is undefined, whatever
   * the reason: it is told to nobody, for it says what answers where.
   */
  read(address: string, kind: PictureKind): Promise<Picture | undefined>;
  /** The process that decodes, while there is one, and how many bytes of pictures are kept. */
  work(): { readonly process: number | undefined; readonly memory: number; readonly kept: number };
  close(): Promise<void>;
};

export type PictureSources = {
  readonly log: Logger;
  readonly outgoing: Outgoing;
  /** After so long without a picture the process ends. */
  readonly idleMs?: number;
};

const [atOnce, mostWaiting, patienceMs] = [4, 100, 10_000];

/**
 * Fetches through `outgoing`, decodes in a process of its own that starts with the first picture, and keeps what was
 * made for an hour. Who asks for one that is on its way waits for that.
 */
export function openPictures({ log, outgoing, idleMs = limits.idleMs }: PictureSources): Pictures {
  const cleaner = openCleaner({ log, idleMs });
  const kept = new KeptPictures();
  const inTurn = fewAtOnce(atOnce, mostWaiting, patienceMs);

  async function make(key: string): Promise<{ readonly picture: Picture | undefined }> {
    const [kind, address] = partsOf(key);
    const bytes = await fetchFile(outgoing, address);
    const made = bytes && isTaken(bytes, kind) ? await cleaner.clean(bytes, kind) : undefined;
    const picture = made && new Picture(made);
    kept.set(key, picture);
    return { picture };
  }

  const find = shareReads(async (key) => kept.get(key) ?? (await inTurn(() => make(key))));

  return {
    read: async (address, kind) => (await find(`${kind} ${address}`))?.picture,
    work() {
      const { process, memory = 0 } = cleaner.work() ?? {};
      return { process, memory, kept: kept.bytes };
    },
    close: () => cleaner.close(),
  };
}

function partsOf(key: string): readonly [PictureKind, string] {
  const kind = pictureKinds.find((one) => key.startsWith(`${one} `));
  if (!kind) throw new Error('a picture of no kind');
  return [kind, key.slice(kind.length + 1)];
}

/** Asks as nobody in particular: neither cookies nor a page that it stands on go along. */
async function fetchFile(outgoing: Outgoing, address: string): Promise<Buffer | undefined> {
  try {
    const isPlain = URL.parse(address)?.protocol !== 'https:';
    if (isPlain && !(await outgoing.isOwn(address))) return undefined;
    const response = await outgoing.fetch(
      address,
      { redirect: 'follow', headers: { accept: 'image/avif,image/webp,image/png,image/jpeg,image/*;q=0.8' } },
      { timeoutMs: limits.fetchMs, maxBytes: limits.mostFetched },
    );
    return response.status === 200 ? Buffer.from(await response.arrayBuffer()) : undefined;
  } catch (error) {
    if (isProblem(error, 'outgoing_refused', 'outgoing_failed')) return undefined;
    throw error;
  }
}
