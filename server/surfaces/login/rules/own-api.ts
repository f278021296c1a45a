import type { Base } from '../../../base/base.ts';

/** One call of the Management API by the umbrella's own code, made inside of this process. */
export type OwnCall = {
  /** Who calls, as facts and the audit log keep it: `rule:<id>`. */
  readonly origin: string;
  readonly scopes: readonly string[];
  /** Customer's uuid: nobody else is read or changed; undefined: anybody may be. */
  readonly only: string | undefined;
  readonly method: string;
  /** Below `/api/v2`, as it was sent. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** JSON, or nothing. */
  readonly body: string;
  readonly ip: string;
};

/** The Management API, for the umbrella's own code; `body` is JSON, or nothing. */
export type OwnApi = (call: OwnCall) => Promise<{ readonly status: number; readonly body: string }>;

// By what all copies of one base share.
const apis = new WeakMap<Base['settings'], OwnApi>();

/** Hands in the Management API, which another surface serves. */
export function handInOwnApi({ settings }: Pick<Base, 'settings'>, api: OwnApi): void {
  apis.set(settings, api);
}

/** Undefined: there is no Management API in this process. */
export function ownApiOf({ settings }: Pick<Base, 'settings'>): OwnApi | undefined {
  return apis.get(settings);
}
