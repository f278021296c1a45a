// Parts of Node's library that stand on the system: ours in their place.
import { makeConsole } from './console.ts';
import { enqueueMicrotask, nextTick } from './event-loop.ts';
import { networkParts } from './network.ts';
import { makeOs } from './os.ts';
import { parts } from './parts.ts';
import { process } from './process.ts';
import { refused } from './refusals.ts';
import { makeStructuredClone } from './structured-clone.ts';
import { makeZlib } from './zlib.ts';

type Loaded = Record<string, unknown>;
type Load = (id: string) => Loaded;

const builtin = new Set(parts.numbers.builtins);

const noTerminal = 'code of rules and actions has no terminal.';

/** By Node's name of the part. */
export const replacements: Record<string, (load: Load) => Loaded> = {
  'internal/options': () => ({
    getOptionValue: (name: string) => (name === '--stack-trace-limit' ? 10 : undefined),
    getEmbedderOptions: () => ({}),
    getOptions: () => ({}),
    getAllowUnauthorized: () => false,
    refreshOptions() {},
  }),
  'internal/bootstrap/realm': () => ({
    BuiltinModule: {
      exists: (id: string) => builtin.has(id),
      canBeRequiredByUsers: () => false,
      normalizeRequirableId: () => undefined,
    },
  }),
  'internal/worker/js_transferable': (load) => ({
    markTransferMode() {},
    setup() {},
    structuredClone: makeStructuredClone(load),
    kClone: Symbol('kClone'),
    kDeserialize: Symbol('kDeserialize'),
    kTransfer: Symbol('kTransfer'),
    kTransferList: Symbol('kTransferList'),
  }),
  'internal/process/task_queues': () => ({
    nextTick,
    queueMicrotask: enqueueMicrotask,
    runNextTicks() {},
  }),
  'internal/process/per_thread': () => ({ platform: 'linux', toggleTraceCategoryState() {} }),
  'internal/process/promises': () => ({ setHasRejectionToWarn() {}, hasRejectionToWarn: () => false }),
  'internal/process/permission': () => ({ isEnabled: () => false, has: () => false }),
  'internal/v8/startup_snapshot': () => ({
    isBuildingSnapshot: () => false,
    addAfterUserSerializeDeserializeSnapshot() {},
    addSerializeCallback() {},
    addDeserializeCallback() {},
    namespace: {
      addAfterUserSerializeDeserializeSnapshot() {},
      addDeserializeCallback() {},
      isBuildingSnapshot: () => false,
    },
  }),
  'internal/worker/io': (load) => ({
    MessageChannel: refused('MessageChannel', 'code of rules and actions has one thread.'),
    structuredClone: makeStructuredClone(load),
  }),
  process: () => process,
  console: (load) => makeConsole(load),
  worker_threads: () => ({ markAsUncloneable() {}, markAsUntransferable() {}, isMainThread: true, threadId: 0 }),
  tty: () => ({
    isatty: () => false,
    ReadStream: refused('tty.ReadStream', noTerminal),
    WriteStream: refused('tty.WriteStream', noTerminal),
  }),
  perf_hooks: () => ({ performance: globalThis.performance }),
  // The text of a script is not to be had inside: a failed assertion tells the values instead.
  'internal/errors/error_source': () => ({
    getErrorSourceLocation: () => undefined,
    getErrorSourceExpression: () => undefined,
  }),
  'internal/source_map/source_map_cache': () => ({
    findSourceMap: () => undefined,
    getSourceMapsSupport: () => ({ enabled: false }),
  }),
  'internal/tls/common': () => ({ translatePeerCertificate: (value: unknown) => value }),
  'internal/crypto/x509': () => ({
    X509Certificate: refused('crypto.X509Certificate', 'certificates are not read here.'),
    isX509Certificate: () => false,
  }),
  'internal/crypto/certificate': () => ({
    Certificate: refused('crypto.Certificate', 'certificates are not read here.'),
  }),
  zlib: makeZlib,
  os: makeOs,
  ...networkParts,
  _http_server: () => ({
    Server: refused('http.Server'),
    ServerResponse: refused('http.ServerResponse'),
    _connectionListener() {},
    STATUS_CODES: parts.numbers.statuses,
  }),
  'internal/stream_base_commons': () => ({ onStreamRead() {} }),
  'internal/perf/observe': () => ({ hasObserver: () => false, startPerf() {}, stopPerf() {} }),
};
