// `net` and `tls` for Node's HTTP client: they connect to nothing but the host call. Code of others gets `refusals.ts`.
import type { ConnectOptions } from './http-request-reader.ts';
import { makeSocket } from './http-socket.ts';
import { type Load, streamOf, timersOf } from './node-parts.ts';
import { refused } from './refusals.ts';

type Loaded = Record<string, unknown>;

function network(load: Load): (encrypted: boolean) => Loaded {
  const Socket = makeSocket(streamOf(load).Duplex, timersOf(load));
  return (encrypted) => {
    const connect = (place: ConnectOptions) => new Socket(place, encrypted).stand();
    return {
      ...load('internal/net'),
      connect,
      createConnection: connect,
      Socket,
      _normalizeArgs: (args: unknown) => args,
    };
  };
}

/** By Node's name of the part. */
export const networkParts: Record<string, (load: Load) => Loaded> = {
  net: (load) => network(load)(false),
  tls: (load) => ({ ...network(load)(true), Server: refused('tls.Server'), checkServerIdentity() {} }),
};
