// The native halves of Node's library, as far as what runs here asks for them.
import { blobBinding } from './blob-binding.ts';
import { bufferBinding } from './buffer-binding.ts';
import { cryptoBinding } from './crypto-binding.ts';
import { decoderBinding } from './decoder-binding.ts';
import { encodingBinding } from './encoding-binding.ts';
import { enqueueMicrotask } from './event-loop.ts';
import { httpParserBinding } from './http-parser.ts';
import { constants, errorNumbers } from './numbers.ts';
import { parts } from './parts.ts';
import { timersBinding } from './timers-binding.ts';
import { typesBinding } from './types-binding.ts';
import { urlBinding } from './url-binding.ts';
import { utilBinding } from './util-binding.ts';

type Binding = Record<string, unknown>;

const asyncIds = ['kInit', 'kBefore', 'kAfter', 'kDestroy', 'kPromiseResolve', 'kTotals', 'kCheck', 'kStackLength'];
const asyncFields = ['kExecutionAsyncId', 'kTriggerAsyncId', 'kAsyncIdCounter', 'kDefaultTriggerAsyncId'];
const numbered = (names: string[]) => Object.fromEntries(names.map((name, index) => [name, index]));

const symbolNames = [
  ...['async_id_symbol', 'handle_onclose', 'no_message_symbol', 'messaging_deserialize_symbol', 'imported_cjs_symbol'],
  ...[
    'messaging_transfer_symbol',
    'messaging_clone_symbol',
    'messaging_transfer_list_symbol',
    'oninit',
    'owner_symbol',
  ],
  ...['onpskexchange', 'resource_symbol', 'trigger_async_id_symbol', 'vm_dynamic_import_default_internal'],
];

const { now: clock } = Date;
const started = clock();
/** Milliseconds since the world began, whatever code makes of `Date.now`. */
export const now = () => clock() - started;

const idStack: [number, number][] = [];
const idFields = new Float64Array([0, 0, 1, -1]);
const hookFields = new Uint32Array(16);

const all: Record<string, Binding> = {
  blob: blobBinding,
  buffer: bufferBinding,
  crypto: cryptoBinding,
  string_decoder: decoderBinding,
  encoding_binding: encodingBinding,
  types: typesBinding,
  util: utilBinding,
  url: urlBinding,
  timers: timersBinding,
  constants,
  config: { hasIntl: false, hasInspector: false, hasOpenSSL: true, fipsMode: false, noBrowserGlobals: false, bits: 64 },
  errors: {
    exitCodes: { kNoFailure: 0, kGenericUserError: 1 },
    triggerUncaughtException() {},
    noSideEffectsToString: String,
  },
  uv: errorNumbers,
  symbols: Object.fromEntries(symbolNames.map((name) => [name, Symbol(name)])),
  messaging: {},
  task_queue: { enqueueMicrotask, tickInfo: [0, 0], runMicrotasks() {}, setTickCallback() {}, promiseRejectEvents: {} },
  trace_events: { getCategoryEnabledBuffer: () => new Uint8Array(1), trace() {}, isTraceCategoryEnabled: () => false },
  async_wrap: {
    constants: { ...numbered([...asyncIds, 'kUsesExecutionAsyncResource']), ...numbered(asyncFields) },
    async_hook_fields: hookFields,
    async_id_fields: idFields,
    async_ids_stack: new Float64Array(32),
    execution_async_resources: [],
    setupHooks() {},
    setCallbackTrampoline() {},
    setPromiseHooks() {},
    registerDestroyHook() {},
    executionAsyncResource: () => undefined,
    clearAsyncIdStack() {
      idStack.length = 0;
    },
    pushAsyncContext(id: number, trigger: number) {
      idStack.push([idFields[0] ?? 0, idFields[1] ?? 0]);
      idFields.set([id, trigger]);
      hookFields[7] = idStack.length;
    },
    popAsyncContext() {
      idFields.set(idStack.pop() ?? [0, 0]);
      hookFields[7] = idStack.length;
      return idStack.length > 0;
    },
  },
  async_context_frame: {
    getContinuationPreservedEmbedderData: () => undefined,
    setContinuationPreservedEmbedderData() {},
  },
  performance: {
    constants: { NODE_PERFORMANCE_MILESTONE_TIME_ORIGIN: 0, NODE_PERFORMANCE_MILESTONE_TIME_ORIGIN_TIMESTAMP: 1 },
    milestones: [0, started * 1000],
    now,
  },
  diagnostics_channel: { subscribers: new Uint32Array(64), linkNativeChannel() {}, notifyChannelActive() {} },
  os: { getOSInformation: () => ['Linux', '', '', ''] },
  credentials: { safeGetenv: () => undefined, implementsPosixCredentials: true },
  url_pattern: {},
  permission: { has: () => false },
  http_parser: httpParserBinding(parts.numbers.methods),
  stream_wrap: {
    kReadBytesOrError: 0,
    kArrayBufferOffset: 1,
    streamBaseState: new Int32Array(5),
    kBytesWritten: 2,
    kLastWriteWasAsync: 3,
  },
  fs: { writeBuffer() {} },
};

/** `internalBinding` of Node's library. */
export function internalBinding(name: string): Binding {
  const binding = all[name];
  if (!binding) throw new Error(`No such binding: ${name}`);
  return binding;
}
