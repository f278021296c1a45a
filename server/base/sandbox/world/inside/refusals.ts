// Modules that reach for the machine: they may be loaded, since packages load them for the rare case, and refuse use.

const instead: Record<string, string> = {
  fs: 'code of rules and actions has no files. Keep what it needs in its configuration, or fetch it by HTTP.',
  net: 'code of rules and actions opens no connections of its own. Use fetch, http or https.',
  child_process: 'code of rules and actions starts no processes.',
};

const sentences: Record<string, string> = {
  ...instead,
  'fs/promises': instead.fs ?? '',
  tls: instead.net ?? '',
  dgram: instead.net ?? '',
  dns: instead.net ?? '',
  'dns/promises': instead.net ?? '',
  http2: instead.net ?? '',
  cluster: instead.child_process ?? '',
  worker_threads: instead.child_process ?? '',
};
const ofDatabases =
  'code of rules and actions opens no connections to databases. Put a small HTTP service in front of yours.';
for (const name of ['mongo', 'sqlserver', 'mysql', 'pg', 'Knex', 'couchbase', 'cql', 'azure_storage']) {
  sentences[name] = ofDatabases;
}
sentences.pubnub = 'code of rules and actions opens no connections of its own. Use the HTTP API of that service.';

function refusal(what: string, sentence: string): Error {
  return Object.assign(new Error(`${what} does not work here: ${sentence}`), { code: 'ERR_REGULARS_NOT_HERE' });
}

/** A function, or class, that refuses to be used. */
export function refused(what: string, sentence = 'code of rules and actions serves nobody itself.') {
  return class {
    constructor() {
      throw refusal(what, sentence);
    }
  };
}

/** Names of the modules that refuse use. */
export const refusedModules = Object.keys(sentences);

/** Such a module. What works without the machine is handed in. */
export function refusedModule(name: string, works: Record<string, unknown> = {}): Record<string, unknown> {
  return new Proxy<Record<string, unknown>>(works, { get: refusing(name, name) });
}

/** A global of long ago that stood for such a module, or for a part of one: most were called. */
export function refusedGlobal(name: string, module = name): object {
  const refuses = (): never => {
    throw refusal(name, sentenceOf(module));
  };
  return new Proxy(function refused() {}, { get: refusing(name, module), apply: refuses, construct: refuses });
}

/** What stands there by any name: a function that refuses. */
function refusing(name: string, module: string): (target: object, key: string | symbol) => unknown {
  return (target, key) => {
    if (typeof key === 'symbol' || Object.hasOwn(target, key)) return Reflect.get(target, key);
    if (key === 'then' || key === '__esModule' || key === 'toJSON') return undefined;
    if (key === 'promises') return refusedModule(`${name}/promises`);
    if (key === 'constants') return {};
    return function refuses() {
      throw refusal(`${name}.${key}`, sentenceOf(module));
    };
  };
}

function sentenceOf(module: string): string {
  return sentences[module] ?? 'this part of Node is not here.';
}
