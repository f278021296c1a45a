// Which parts of Node's library go into a world: always the core, the others where scripts or packages name them.

type Group = {
  /** Names that ask for it. */
  readonly words: RegExp;
  readonly parts: readonly string[];
};

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
  'internal/events/symbols',
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
  'internal/util/colors',
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
  'internal/net',
];

const assert: Group = {
  words: /\bassert\b/,
  parts: [
    'assert',
    'internal/assert/assertion_error',
    'internal/assert/myers_diff',
    'internal/assert/utils',
    'internal/assert/calltracker',
  ],
};

const crypto: Group = {
  words: /\b(crypto|CryptoKey|SubtleCrypto)\b/,
  parts: [
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
  ],
};

const http: Group = {
  words: /\bhttps?['"`]/,
  parts: [
    '_http_client',
    '_http_agent',
    '_http_outgoing',
    '_http_incoming',
    '_http_common',
    'internal/http',
    'http',
    'https',
    'internal/freelist',
  ],
};

const web: Group = {
  words: /\b(Blob|File|(Readable|Writable|Transform)Stream|stream\/(web|consumers)|toWeb|fromWeb)\b/,
  parts: [
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
  ],
};

// It needs all the others.
const fetch: Group = {
  words: /\b(fetch|Headers|Request|Response|FormData)\b/,
  parts: ['internal/deps/undici/undici'],
};

/** What goes in for these texts: names of parts by the name of their group. */
export function groupsFor(texts: readonly string[]): Record<string, readonly string[]> {
  const named = (group: Group) => texts.some((text) => group.words.test(text));
  const all = named(fetch);
  const chosen = Object.entries({ assert, crypto, http, web, fetch }).filter(([, group]) => all || named(group));
  return { core, ...Object.fromEntries(chosen.map(([name, { parts }]) => [name, parts])) };
}
