import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { openFrames } from '../sandbox/frames.ts';
import { formatOf } from './file-format.ts';
import * as limits from './limits.ts';
import { fromCleaner, type ToCleaner } from './messages.ts';
import type { PictureKind } from './picture.ts';

/** Makes new pictures of files from outside, one at a time, in a process of its own. */
export type Cleaner = {
  /** WebP of the file's pixels; undefined when it is no picture, is too large, takes too long or brings the process down. */
  clean(bytes: Buffer, kind: PictureKind): Promise<Buffer | undefined>;
  /** The process, while there is one; its memory in bytes. */
  work(): { readonly process: number; readonly memory: number } | undefined;
  close(): Promise<void>;
};

type Child = {
  readonly pid: number;
  readonly started: Promise<boolean>;
  readonly ended: Promise<void>;
  clean(message: ToCleaner, body: string): Promise<Buffer | undefined>;
  kill(): void;
};

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pageBytes = 4096;
const watchMs = 20;
const flags = [
  '--permission',
  '--allow-addons',
  ...['sharp', '@img', 'detect-libc', 'semver'].map((name) => `--allow-fs-read=${root}node_modules/${name}`),
  ...['server/base/pictures', 'server/base/sandbox/frames.ts', 'package.json'].map(
    (name) => `--allow-fs-read=${root}${name}`,
  ),
  '--disable-warning=SecurityWarning',
  '--max-semi-space-size=1',
  '--max-old-space-size=64',
];
// Nothing of the server's. Large pictures stay in memory, where they are counted, rather than in files of the system's.
const environment = { VIPS_DISC_THRESHOLD: '4g' };

/** Opens what cleans pictures: its process starts with the first, and ends when none has come for a while. */
export function openCleaner({ log, idleMs }: { log: Logger; idleMs: number }): Cleaner {
  let child: Child | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let next = 1;
  let closed = false;
  let idle: NodeJS.Timeout | undefined;

  function start(): Child {
    const own = startChild((code, signal) => {
      if (child !== own) return;
      child = undefined;
      if (!closed) log.warn({ code, signal }, 'a process that makes pictures has ended');
    });
    child = own;
    return own;
  }

  function end(): void {
    const own = child;
    child = undefined;
    own?.kill();
  }

  async function cleanNow(bytes: Buffer, kind: PictureKind): Promise<Buffer | undefined> {
    if (closed) return undefined;
    clearTimeout(idle);
    const own = child ?? start();
    if (!(await own.started)) return undefined;
    const isSvg = formatOf(bytes) === 'svg';
    const made = await own.clean({ id: next++, kind, isSvg }, bytes.toString('base64'));
    idle = setTimeout(end, idleMs).unref();
    return made && formatOf(made) === 'webp' && made.length <= limits.mostMade ? made : undefined;
  }

  return {
    clean(bytes, kind) {
      const go = () => cleanNow(bytes, kind);
      const done = last.then(go, go);
      last = done;
      return done;
    },
    work: () => child && { process: child.pid, memory: memoryOf(child.pid) },
    async close() {
      closed = true;
      clearTimeout(idle);
      const own = child;
      end();
      await own?.ended;
    },
  };
}

function startChild(gone: (code: number | null, signal: NodeJS.Signals | null) => void): Child {
  const child = spawn(process.execPath, [...flags, fileURLToPath(new URL('./cleaner-worker.ts', import.meta.url))], {
    env: environment,
    stdio: ['ignore', 'ignore', 'ignore', 'overlapped'],
  });
  const pipe = child.stdio[3];
  if (!(pipe instanceof Socket)) throw new Error('no pipe to the process that makes pictures');
  const pid = child.pid ?? 0;
  const kill = () => void child.kill('SIGKILL');
  const started = Promise.withResolvers<boolean>();
  const ended = Promise.withResolvers<void>();
  let waiting: { readonly id: number; readonly tell: (made: Buffer | undefined) => void } | undefined;
  let isGone = false;
  const late = setTimeout(kill, limits.startMs).unref();

  const { say } = openFrames<ToCleaner>(
    pipe,
    (received, body) => {
      const message = fromCleaner.parse(received);
      if (message.is === 'started') {
        clearTimeout(late);
        started.resolve(true);
      } else if (message.id === waiting?.id) {
        waiting.tell(message.is === 'made' ? Buffer.from(body, 'base64') : undefined);
      }
    },
    limits.mostMade * 2,
  );
  child.on('close', (code, signal) => {
    isGone = true;
    clearTimeout(late);
    started.resolve(false);
    waiting?.tell(undefined);
    gone(code, signal);
    ended.resolve();
  });
  child.on('error', kill);
  pipe.on('error', kill);
  child.unref();
  pipe.unref();

  return {
    pid,
    started: started.promise,
    ended: ended.promise,
    kill,
    async clean(message, body) {
      if (isGone) return undefined;
      const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
      waiting = { id: message.id, tell: resolve };
      const begun = performance.now();
      const watch = setInterval(() => {
        if (memoryOf(pid) > limits.mostMemory || performance.now() - begun > limits.cleanMs) kill();
      }, watchMs);
      say(message, body);
      try {
        return await promise;
      } finally {
        clearInterval(watch);
        waiting = undefined;
      }
    },
  };
}

/** Bytes that a process has for itself alone; 0 where the system does not tell, where limits of pixels and time hold. */
function memoryOf(pid: number): number {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ').map(Number);
    return (resident - shared) * pageBytes;
  } catch {
    return 0;
  }
}
