// Node's own library as text: what runs in the world is what runs in this very Node.
import { constants as cryptoConstants } from 'node:crypto';
import { constants as fsConstants } from 'node:fs';
import { METHODS, STATUS_CODES } from 'node:http';
import { builtinModules } from 'node:module';
import { constants as osConstants } from 'node:os';
import process from 'node:process';
import { getSystemErrorMap } from 'node:util';
import { constants as zlibConstants } from 'node:zlib';

/** What must be there for the globals. */
const core = [
  'internal/per_context/primordials',
  'internal/per_context/domexception',
  'internal/errors',
  'internal/assert',
  'internal/util/inspect',
  'internal/util',
  'internal/util/types',
  'internal/validators',
  'events',
  'internal/events/abort_listener',
  'buffer',
  'internal/buffer',
  'util/types',
  'querystring',
  'internal/querystring',
  'util',
  'internal/util/debuglog',
  'internal/constants',
  'internal/streams/utils',
  'path',
  'internal/url',
  'diagnostics_channel',
  'internal/webidl',
  'internal/data_url',
  'internal/mime',
  'internal/encoding',
  'internal/encoding/single-byte',
  'internal/encoding/util',
  'timers',
  'internal/linkedlist',
  'internal/timers',
  'internal/async_hooks',
  'internal/priority_queue',
  'internal/async_context_frame',
  'async_hooks',
  'stream',
  'internal/streams/operators',
  'internal/abort_controller',
  'internal/event_target',
  'internal/perf/utils',
  'internal/streams/end-of-stream',
  'internal/streams/compose',
  'internal/streams/pipeline',
  'internal/streams/destroy',
  'internal/streams/duplex',
  'internal/streams/legacy',
  'internal/streams/readable',
  'internal/streams/add-abort-signal',
  'internal/streams/state',
  'string_decoder',
  'internal/streams/from',
  'internal/streams/writable',
  'stream/promises',
  'url',
  'assert',
  'internal/assert/assertion_error',
  'internal/util/colors',
  'internal/assert/myers_diff',
  'internal/assert/utils',
  'internal/errors/error_source',
  'internal/assert/calltracker',
  'internal/util/comparisons',
  'punycode',
  'internal/idna',
  'internal/fixed_queue',
  'internal/streams/transform',
  'internal/streams/passthrough',
  'internal/util/parse_args/parse_args',
  'internal/util/parse_args/utils',
  'timers/promises',
  'internal/streams/duplexpair',
  'internal/streams/lazy_transform',
  'internal/streams/duplexify',
  '_http_client',
  '_http_agent',
  '_http_outgoing',
  '_http_incoming',
  '_http_common',
  'internal/http',
  'http',
  'https',
  'internal/net',
  'internal/freelist',
  'internal/blob',
  'internal/file',
  'stream/web',
  'internal/webstreams/util',
  'internal/webstreams/readablestream',
  'internal/webstreams/writablestream',
  'internal/webstreams/transformstream',
  'internal/webstreams/queuingstrategies',
  'internal/webstreams/encoding',
  'internal/webstreams/compression',
  'internal/webstreams/adapters',
  'stream/consumers',
  'internal/deps/undici/undici',
  'crypto',
  'internal/crypto/aes',
  'internal/crypto/argon2',
  'internal/crypto/cfrg',
  'internal/crypto/chacha20_poly1305',
  'internal/crypto/cipher',
  'internal/crypto/diffiehellman',
  'internal/crypto/ec',
  'internal/crypto/hash',
  'internal/crypto/hashnames',
  'internal/crypto/hkdf',
  'internal/crypto/kem',
  'internal/crypto/keygen',
  'internal/crypto/keys',
  'internal/crypto/mac',
  'internal/crypto/ml_dsa',
  'internal/crypto/ml_kem',
  'internal/crypto/pbkdf2',
  'internal/crypto/random',
  'internal/crypto/rsa',
  'internal/crypto/scrypt',
  'internal/crypto/sig',
  'internal/crypto/util',
  'internal/crypto/webcrypto',
  'internal/crypto/webcrypto_util',
  'internal/crypto/webidl',
];

function sources(): Record<string, string> {
  // Node keeps it for itself by no other name.
  const natives: unknown = Reflect.apply(Reflect.get(process, 'binding'), process, ['natives']);
  const found: Record<string, string> = {};
  if (typeof natives !== 'object' || natives === null) return found;
  for (const [id, text] of Object.entries(natives)) if (typeof text === 'string') found[id] = text;
  return found;
}

const parameters = 'exports, require, module, process, internalBinding, primordials, privateSymbols, perIsolateSymbols';

/** A script that leaves Node's library in `$parts`. */
export function nodeLibrary(): string {
  const all = sources();
  const numbers = {
    constants: { os: osConstants, fs: fsConstants, crypto: cryptoConstants, zlib: zlibConstants },
    errors: [...getSystemErrorMap()],
    versions: process.versions,
    methods: METHODS,
    statuses: STATUS_CODES,
    builtins: builtinModules,
  };
  const functions = core.map((id) => `${JSON.stringify(id)}: function (${parameters}) {${all[id]}\n}`);
  return `globalThis.$parts = { library: {${functions.join(',\n')}}, packages: {}, names: {}, missing: {}, numbers: ${JSON.stringify(numbers)} };\nvoid 0;`;
}
