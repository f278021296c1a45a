import type { z } from 'zod';
import type { brand } from '../../contract/brands.ts';
import type { userConsent } from '../../contract/consents.ts';

type Json = Readonly<Record<string, unknown>>;

/** A sign-in of a customer, as far as the role of whoever asks may see it: the server leaves out what it may not. */
export type LastSignIn = {
  /** As the API shows them: what rules find as `user`. */
  readonly user: Json & { readonly user_id: string };
  /** Undefined: they never signed in, or the role may not read it. */
  readonly row: SignInRow | undefined;
  /** The brand where it was; undefined where the role may not read it. */
  readonly brand: Brand | undefined;
  /** What they allow and refuse now. */
  readonly consents: readonly Consent[];
};

export type Brand = Pick<z.infer<typeof brand>, 'id' | 'slug' | 'name'>;
export type Consent = Pick<z.infer<typeof userConsent>, 'brand' | 'purpose' | 'topic' | 'state'>;

export type SignInRow = {
  readonly name: string;
  readonly occurred_at: string;
  readonly brand: string | null;
  readonly portal: string | null;
  readonly portal_name: string | null;
  readonly device: string | null;
  readonly browser: string | null;
  readonly ip: string | null;
  readonly data: Json;
};
