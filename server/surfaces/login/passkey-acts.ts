import { usedPasskey } from '../../../contract/passkeys.ts';
import { beginPasskeyUse } from '../../features/accounts/accounts.ts';
import { advance } from './advance.ts';
import type { FlowPage } from './flow-page.ts';
import { credentialField } from './form.ts';
import { signInUse } from './prove-passkey.ts';

/** Signing in with a passkey: what the script of the sign-in page asks for, and what it sends. */
export const passkeyActs: FlowPage['acts'] = {
  // Asked for by the script, so that nothing is kept for those who sign in otherwise.
  async 'passkey-options'({ base, reply, flow }) {
    return reply.header('cache-control', 'no-store').send(await beginPasskeyUse(base, signInUse(flow)));
  },
  async passkey(at, form) {
    return advance(at, { by: 'passkey', used: credentialField(form, usedPasskey) });
  },
};
