import type { Db } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';

/** One person, one profile: the fold of the facts of the customer's subjects, as it is materialised. */
export type Customer = {
  readonly id: string;
  /** The `sub`: `auth0|<24 hex>`, `google-oauth2|<sub>`, `oidc|<connection>|<sub>`, or an imported one. */
  readonly user_id: string;
  /** Normalised (lower case); see `normaliseEmail`. */
  readonly email: string | null;
  /** True iff a proof of this very address exists on one of the customer's subjects. */
  readonly email_verified: boolean;
  /** E.164. */
  readonly phone_number: string | null;
  readonly phone_verified: boolean;
  readonly username: string | null;
  readonly name: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
  /** Every root attribute, also those above, and the defaults of `name`, `nickname`, `picture`. */
  readonly attributes: JsonObject;
  readonly user_metadata: JsonObject;
  readonly app_metadata: JsonObject;
  /** `{<brand slug>: {<key>: value}}` */
  readonly brand_values: JsonObject;
  /** Counted over all subjects of the customer. */
  readonly logins_count: number;
  readonly last_login: Date | null;
  readonly last_ip: string | null;
  readonly last_password_reset: Date | null;
  /** When a question was put to them last. */
  readonly last_asked_at: Date | null;
  readonly blocked: boolean;
  /** They asked to be erased, and will be then unless they change their mind. */
  readonly erase_at: Date | null;
  /** Grows whenever every sign-in of theirs is ended: what was proven before goes no further. */
  readonly era: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** A subject that can sign in. */
export type Identity = {
  readonly subject: string;
  readonly provider: string;
  /** The connection's name. */
  readonly connection: string;
  /** As Auth0 shows it in `identities[]`: the id at the provider, for `oidc` and `oauth2` `<connection>|<id>`. */
  readonly user_id: string;
  readonly is_social: boolean;
  /** The identity that stands first; exactly one of a customer's. */
  readonly is_primary: boolean;
  /** Raw, as the provider told it. */
  readonly profile_data: JsonObject;
  readonly created_at: Date;
};

/** Ends every session of a customer; handed in by the surface that owns sessions. */
export type EndSessions = (tx: Db, customerId: string) => Promise<unknown>;

/** Who changes something about a customer, where, and when. */
export type Act = {
  by: 'customer' | 'api' | 'staff';
  /** The page or the client id. */
  origin: string;
  at: Date;
};
