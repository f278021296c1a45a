// Modules and globals that reach for the machine or for a database. They are there, since packages load them for the rare
// case and libraries look for them, and refuse use.

const instead = {
  files: 'code of rules and actions has no files. Keep what it needs in its configuration, or fetch it by HTTP.',
  connections: 'code of rules and actions opens no connections of its own. Use fetch, http or https.',
  processes: 'code of rules and actions starts no processes.',
  databases: 'code of rules and actions opens no connections to databases. Put a small HTTP service in front of yours.',
  service: 'code of rules and actions opens no connections of its own. Use the HTTP API of that service.',
};

const modules: Record<string, string> = {
  fs: instead.files,
  'fs/promises': instead.files,
  net: instead.connections,
  tls: instead.connections,
  dgram: instead.connections,
  dns: instead.connections,
  'dns/promises': instead.connections,
  http2: instead.connections,
  child_process: instead.processes,
  cluster: instead.processes,
  worker_threads: instead.processes,
};

// What stood beside `mongo`. Not `Long`: packages look for one, and take what they find.
const ofMongo = ['ObjectID', 'BSON', 'Double', 'Timestamp'];
const databases = ['mongo', 'sqlserver', 'mysql', 'pg', 'Knex', 'couchbase', 'cql', 'azure_storage'];

const globals: Record<string, string> = {
  ...Object.fromEntries([...databases, ...ofMongo].map((name) => [name, instead.databases])),
  pubnub: instead.service,
};

/** Modules of Node that refuse use. */
export const refusedModules: readonly string[] = Object.keys(modules);

/** Globals of rules of long ago that refuse use. */
export const refusedGlobals: readonly string[] = Object.keys(globals);

/** What is told to code that uses `what` of such a module or global: why not, and what to do instead. */
export function refusalOf(what: string, name = what): string {
  const sentence = modules[name] ?? globals[name] ?? 'this part of Node is not here.';
  return `${what} does not work here: ${sentence}`;
}
