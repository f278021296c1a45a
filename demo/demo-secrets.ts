import { createECDH, createPrivateKey } from 'node:crypto';
import type { Vault } from '../server/base/crypto.ts';
import type { NetworkName } from './networks/networks.ts';
import type { BrandSlug } from './places.ts';

/** What the parts of the demo prove themselves with. */
export type DemoSecrets = {
  readonly machine: string;
  /** The password of the staff. */
  readonly staff: string;
  readonly shops: Readonly<Record<BrandSlug, string>>;
  /** Client secrets; Apple's is the PEM of the key that signs them. */
  readonly networks: Readonly<Record<NetworkName, string>>;
};

/** Secrets of this installation alone, the same at every start: nothing has to be kept for them. */
export function demoSecrets(vault: Pick<Vault, 'derive'>): DemoSecrets {
  const bytesOf = (name: string) => vault.derive(`demo ${name}`)[0].export();
  const textOf = (name: string) => bytesOf(name).toString('base64url');
  return {
    machine: textOf('machine'),
    staff: textOf('staff').slice(0, 16),
    shops: { lumiere: textOf('lumiere'), northtrail: textOf('northtrail') },
    networks: {
      google: textOf('google'),
      facebook: textOf('facebook'),
      apple: signingKey(bytesOf('apple')),
      x: textOf('x'),
      github: textOf('github'),
    },
  };
}

/** An ES256 key (PEM, PKCS #8) whose secret number is `bytes`. */
function signingKey(bytes: Buffer): string {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(bytes);
  const point = curve.getPublicKey();
  const base64 = (part: Buffer) => part.toString('base64url');
  const [x, y, d] = [base64(point.subarray(1, 33)), base64(point.subarray(33)), base64(bytes)];
  const key = { kty: 'EC', crv: 'P-256', d, x, y };
  return createPrivateKey({ key, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString();
}
