import type { Base } from '../../base/base.ts';
import { buildEngine, type Engine } from './engine.ts';
import type { Journey } from './journey-port.ts';
import { signingKeys } from './signing-keys.ts';

export type Engines = {
  /** The engine for a request that begins now. Requests that began before go on with theirs. */
  current(): Promise<Engine>;
};

/** Holds the engine and builds another one when the signing keys have changed. */
export function createEngines(base: Base, journey: Journey): Engines {
  let built: { version: string; engine: Engine } | undefined;
  return {
    async current() {
      const keys = await signingKeys(base);
      const version = keys.map((key) => `${key.kid}:${key.status}`).join(' ');
      if (built?.version !== version) built = { version, engine: buildEngine(base, journey, keys) };
      return built.engine;
    },
  };
}
