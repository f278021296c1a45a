import { z } from 'zod';
import { userVerification } from './passkeys.ts';
import { mfaPolicy } from './second-factors.ts';
import { text, webAddress } from './text.ts';

/** Settings of the whole umbrella that are no environment variable. */
export const umbrella = z
  .strictObject({
    /** `host:port` of the umbrella's own services that may be called although their address is private. */
    outgoing_hosts: z.array(text(260)).max(100),
    /** Where `/v2/logout` may return to when it names no portal; matched exactly. */
    allowed_logout_urls: z.array(webAddress()).max(100),
    /** Where neither portal nor brand says who is asked for a second factor. */
    mfa: mfaPolicy,
    /** Must a passkey's authenticator verify who holds it (`required`), or is it asked to if it can? */
    passkey_user_verification: userVerification,
  })
  .meta({ id: 'Umbrella' });

/** What changes them; a list is replaced as a whole. */
export const umbrellaPatch = umbrella.partial().meta({ id: 'UmbrellaPatch' });
