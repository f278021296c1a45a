import type { SignUpProfile } from '../../../contract/accounts.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { queueActions } from '../actions/actions.ts';
import { appendTimeline, type FactDraft } from '../customers/customers.ts';
import { actionsAbout } from './actions-about.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { createAccount } from './create-account.ts';
import { guess } from './guess.ts';
import { acceptEmail, acceptUsername } from './identifiers.ts';
import { countMail, countSignUp } from './limits.ts';
import { factsOf } from './open-account.ts';
import { acceptPassword, checkNewPassword, type PasswordGround } from './password.ts';
import { happened } from './timeline-names.ts';
import { startVerification } from './verify-email.ts';

/**
 * Makes an account by a portal's own form. Nothing is proven by that, neither the address nor the password: a link that
 * proves the address is mailed, and whoever proves it first keeps nothing that was set here (see `recordProof`). A
 * portal must be told when the address is taken, so each such answer counts like a wrong password: from one place ten
 * for an address, a hundred in all.
 *
 * @throws Problem identifier_taken (extra: field), password_weak, invalid_body (extra: field), too_many_attempts, busy
 */
export async function signUpByPortal(
  base: PasswordGround & Pick<Base, 'vault'>,
  signUp: {
    connection: string;
    email: string;
    password: string;
    username?: string | undefined;
    profile: SignUpProfile;
    /** The portal. */
    origin: string;
    /** What else is known, from others. */
    facts?: readonly FactDraft[] | undefined;
    asked: Asked;
  },
): Promise<AtDoor> {
  const { connection, password, profile, origin, asked } = signUp;
  const email = acceptEmail(signUp.email);
  const username = signUp.username === undefined ? undefined : acceptUsername(signUp.username);
  checkNewPassword(password, email);
  await countSignUp(base, asked.ip);
  await countMail(base, email, asked.ip);
  const personal = [
    username,
    profile.name,
    profile.given_name,
    profile.family_name,
    profile.nickname,
    asked.brand.name,
  ];
  const { hash: passwordHash } = await acceptPassword(base, { password, connection, address: email, personal });
  const at = now();
  const facts = [...factsOf(profile, origin, at), ...(signUp.facts ?? [])];
  const draft = { connection, email, username, password, passwordHash, emailVerified: false, facts, origin, at };
  let taken: Problem | undefined;
  const made = await guess(base, { identifier: email }, asked, async () => {
    try {
      return await transact(base.db, async (tx) => {
        const door = await createAccount(base, tx, { ...draft, by: 'customer' });
        await appendTimeline(tx, [
          happened('signed_up', door.subject, asked, { occurredAt: at, data: { connection } }),
        ]);
        await queueActions(base, tx, 'post-user-registration', actionsAbout(door.subject, asked, connection));
        return door;
      });
    } catch (error) {
      if (!isProblem(error, 'identifier_taken')) throw error;
      taken = error;
      return undefined;
    }
  });
  if (!made.right) throw taken ?? new Problem('identifier_taken');
  await startVerification(base, { subject: made.value.subject, asked, isCounted: true });
  return made.value;
}
