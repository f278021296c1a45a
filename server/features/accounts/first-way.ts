import type { MadePasskey } from '../../../contract/passkeys.ts';
import type { Base } from '../../base/base.ts';
import { beginRegistration, makeUserHandle } from '../../base/credentials/passkey.ts';
import { makerOf } from '../../base/credentials/passkey-makers.ts';
import type { Asked } from './asked.ts';
import type { FirstWay } from './open-account.ts';
import { passkeyPolicy } from './passkey-policy.ts';
import { amrOf } from './passkey-sign-in.ts';
import { packPasskey } from './passkey-store.ts';
import { readMade } from './passkeys.ts';
import { acceptPassword, type PasswordGround, type WantedPassword } from './password.ts';

// What somebody chooses who signed up without a password, between the mailed code and the account. Nothing is written:
// it goes into `completeSignUp`.

/** A sign-up whose code was typed in this flow. */
type Typed = { readonly signUp: string; readonly flow: string };

/** Begins to make the first passkey of an account that is about to be: what the browser is told. */
export async function beginFirstPasskey(
  base: Pick<Base, 'config' | 'db' | 'settings'>,
  ask: Typed & { address: string; asked: Asked },
) {
  const { address, asked } = ask;
  return beginRegistration(base, {
    whose: whoseOf(ask),
    title: asked.brand.name,
    user: { handle: makeUserHandle(), name: address, displayName: address },
    has: [],
    userVerification: await passkeyPolicy(base),
  });
}

/** Checks what the browser made, which proves them as its use would. Throws Problem passkey_refused, passkey_expired. */
export async function firstPasskey(
  base: Pick<Base, 'config' | 'db' | 'settings' | 'log'>,
  act: Typed & { made: MadePasskey; unnamed: string },
): Promise<{ way: FirstWay; amr: readonly string[]; isMultiFactor: boolean }> {
  const passkey = await readMade(base, { whose: whoseOf(act), made: act.made });
  const name = makerOf(passkey.aaguid) ?? act.unnamed;
  const { userVerified } = passkey;
  const way = { passkey: { name, packed: packPasskey(passkey) } };
  return { way, amr: amrOf(passkey, userVerified), isMultiFactor: userVerified };
}

/** A password after all. Throws Problem password_weak, busy. */
export async function firstPassword(base: PasswordGround, wanted: WantedPassword): Promise<FirstWay> {
  const { hash } = await acceptPassword(base, wanted);
  return { hash };
}

function whoseOf({ signUp, flow }: Typed): string {
  return JSON.stringify([flow, signUp]);
}
