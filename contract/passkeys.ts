import { z } from 'zod';

// What a browser's authenticator answers, as JSON (WebAuthn Level 3, 5.1.8): bytes are base64url. What stands in the
// bytes is checked by the server; here only that nothing else comes in, and nothing endless.

const bytes = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[\w-]+$/);

/** How a browser reaches an authenticator. */
export const passkeyTransport = z.literal(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']);
export type PasskeyTransport = z.infer<typeof passkeyTransport>;

const credential = { id: bytes(1400), rawId: bytes(1400), type: z.literal('public-key') };

/** A passkey that was made. Transports that we do not know are dropped: they are hints. */
export const madePasskey = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: bytes(8192),
    attestationObject: bytes(32_768),
    transports: z
      .array(z.string())
      .max(20)
      .transform((names) => names.flatMap((name) => passkeyTransport.safeParse(name).data ?? []))
      .default([]),
  }),
});
export type MadePasskey = z.infer<typeof madePasskey>;

/** A passkey that was used. `userHandle` is there, for ours are discoverable. */
export const usedPasskey = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: bytes(8192),
    authenticatorData: bytes(8192),
    signature: bytes(8192),
    userHandle: bytes(128),
  }),
});
export type UsedPasskey = z.infer<typeof usedPasskey>;

/** What a customer calls a passkey. */
export const passkeyName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u);

/** Must the authenticator verify who holds it (fingerprint, PIN ...), or is it enough that somebody does? */
export const userVerification = z.literal(['required', 'preferred']);
export type UserVerification = z.infer<typeof userVerification>;
