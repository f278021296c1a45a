import { fileURLToPath } from 'node:url';
import { type Config, environment, readConfig } from '../server/base/config.ts';

const ownData = fileURLToPath(new URL('./data', import.meta.url));

/**
 * The server's settings, with what is the demo's own where nothing is said: its data have a folder apart, and since it
 * prints its passwords it is reached from this machine alone.
 *
 * @throws ConfigError
 */
export function readDemoConfig(variables = environment()): Config {
  const said = (name: string) => variables[name]?.trim();
  return readConfig({
    ...variables,
    REGULARS_DATA: said('REGULARS_DATA') || ownData,
    HOST: said('HOST') || '127.0.0.1',
  });
}
