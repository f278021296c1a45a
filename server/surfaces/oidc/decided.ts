import type { JsonObject } from '../../base/json.ts';

/** What rules decided for the tokens: claims of the umbrella's own. Those of the protocol cannot be replaced. */
export type Decided = {
  readonly id_token?: JsonObject | undefined;
  readonly access_token?: JsonObject | undefined;
};
