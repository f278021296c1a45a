// What rules of long ago found without `require`.
import { parts } from './parts.ts';
import { refusedModule } from './refusals.ts';
import { require } from './require.ts';

const refusing = ['mongo', 'sqlserver', 'mysql', 'pg', 'Knex', 'couchbase', 'cql', 'azure_storage', 'pubnub'];

/** Defines them; each is loaded when it is first looked at. */
export function defineOldGlobals(define: (names: readonly string[], load: (name: string) => unknown) => void): void {
  const { oldGlobals } = parts;
  define(Object.keys(oldGlobals), (name) => require(oldGlobals[name] ?? name));
  define(refusing, (name) => refusedModule(name));
}
