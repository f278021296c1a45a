// `process`, as far as it is of this world: no environment, no files, nothing of the real process.
import { nextTick } from './event-loop.ts';
import { host } from './host.ts';
import { parts } from './parts.ts';

const { now } = Date;
const started = now();

function elapsed(): bigint {
  return BigInt(now() - started) * 1_000_000n;
}

function hrtime(before?: [number, number]): [number, number] {
  const passed = Number(elapsed());
  const [seconds, nanoseconds] = [Math.floor(passed / 1e9), passed % 1e9];
  if (!before) return [seconds, nanoseconds];
  const difference = (seconds - before[0]) * 1e9 + nanoseconds - before[1];
  return [Math.floor(difference / 1e9), difference % 1e9];
}

const output = (level: string) => ({
  isTTY: false,
  writable: true,
  write(text: unknown) {
    host.log(level, String(text).replace(/\n$/, ''));
    return true;
  },
  end() {},
  on: self,
  once: self,
  removeListener: self,
  getColorDepth: () => 1,
  hasColors: () => false,
});

function self(this: unknown): unknown {
  return this;
}

function refuse(name: string): () => never {
  return () => {
    throw new Error(`process.${name}() does nothing here: code of rules and actions has no process of its own.`);
  };
}

/** `process` */
export const process = {
  title: 'node',
  version: `v${parts.numbers.versions.node}`,
  versions: { ...parts.numbers.versions },
  arch: 'x64',
  platform: 'linux',
  release: { name: 'node' },
  argv: ['node'],
  execArgv: [],
  execPath: '/usr/bin/node',
  env: {},
  pid: 1,
  ppid: 0,
  exitCode: undefined,
  features: { inspector: false, tls: true },
  config: { target_defaults: {}, variables: {} },
  stdout: output('log'),
  stderr: output('error'),
  nextTick,
  hrtime: Object.assign(hrtime, { bigint: elapsed }),
  uptime: () => (now() - started) / 1000,
  cwd: () => '/',
  umask: () => 0o22,
  memoryUsage: Object.assign(() => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }), {
    rss: () => 0,
  }),
  cpuUsage: () => ({ user: 0, system: 0 }),
  emitWarning(warning: unknown, kind?: unknown) {
    if (kind === 'DeprecationWarning') return;
    host.log('warn', warning instanceof Error ? String(warning) : `Warning: ${warning}`);
  },
  on: self,
  once: self,
  off: self,
  addListener: self,
  removeListener: self,
  removeAllListeners: self,
  prependListener: self,
  emit: () => false,
  listeners: () => [],
  listenerCount: () => 0,
  exit: refuse('exit'),
  abort: refuse('abort'),
  kill: refuse('kill'),
  chdir: refuse('chdir'),
  binding: refuse('binding'),
  dlopen: refuse('dlopen'),
};

Object.defineProperty(process, Symbol.toStringTag, { value: 'process', configurable: true });
