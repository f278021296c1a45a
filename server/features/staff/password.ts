import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { guessStaff } from './guess.ts';
import { readStaff, type Staff } from './people-store.ts';
import { type KeptPassword, readPassword, rehashPassword } from './ways-store.ts';

/** Characters (code points) that a password of staff must and may have. */
export const staffPasswordLength = { least: 10, most: 256 } as const;

/** Has this password appeared in a breach? Handed in by the surface: where to look is a setting of the accounts. */
export type IsBreached = (password: string) => Promise<boolean>;

/**
 * Judges and hashes a password that one of the staff wants to have.
 *
 * @param wanted `personal`: what a guesser knows: address and name
 * @throws Problem password_weak (extra: reason), busy
 */
export async function acceptPassword(
  { hasher, strength }: Pick<Base, 'hasher' | 'strength'>,
  wanted: { password: string; personal: readonly string[]; isBreached: IsBreached },
): Promise<string> {
  const { password, personal, isBreached } = wanted;
  const { least, most } = staffPasswordLength;
  const length = [...password.slice(0, 4 * most)].length;
  if (length < least) throw tooWeak('short', `Choose a longer password: at least ${least} characters.`);
  if (length > most) throw tooWeak('long', `This password is too long. Use at most ${most} characters.`);
  const { score, weakness } = await strength.judge(password, personal);
  if (score < 3) throw tooWeak(weakness, 'This password is too easy to guess. Add words that do not belong together.');
  if (await isBreached(password)) {
    throw tooWeak(
      'breached',
      'This password has appeared in a breach of another site. Choose one that you use nowhere.',
    );
  }
  return hasher.hash(password);
}

function tooWeak(reason: string, text: string): Problem {
  return new Problem('password_weak', text, { reason });
}

/** Whoever gave the right password: not signed in yet. `way` is the password they did it with. */
export type AtDoor = { readonly staff: Staff; readonly way: string };

/**
 * Checks address and password of staff. One hash of work and one answer, whether or not there is somebody with this
 * address.
 *
 * @param door `email` normalised
 * @throws Problem wrong_credentials and too_many_attempts (extra: limit, remaining, reset), user_blocked, busy
 */
export async function checkPassword(
  base: Pick<Base, 'db' | 'vault' | 'hasher'>,
  door: { email: string; password: string; ip: string },
): Promise<AtDoor> {
  const { email, password, ip } = door;
  const staff = await readStaff(base.db, { email });
  const kept = await readPassword(base.db, staff?.id ?? nobody);
  const found = staff && kept && { staff, kept };
  // With a second factor the password is half of the sign-in: it must not wash away wrong codes.
  const options = { forgives: () => !staff?.hasFactor };
  const who = staff ? { staff: staff.id } : { email };
  const result = await guessStaff(base, who, ip, () => verify(base, found, password), options);
  if (result.right) {
    if (result.value.staff.blocked) throw new Problem('user_blocked', 'This account is blocked. Ask an administrator.');
    return { staff: result.value.staff, way: result.value.kept.id };
  }
  const { limit, remaining, reset } = result;
  throw new Problem('wrong_credentials', undefined, { limit, remaining, reset });
}

/** The id of nobody, so that the same statements run for an address that is not known. */
const nobody = '00000000-0000-0000-0000-000000000000';

type Found = { staff: Staff; kept: KeptPassword };

async function verify(
  base: Pick<Base, 'db' | 'hasher'>,
  found: Found | undefined,
  password: string,
): Promise<Found | undefined> {
  if (!found) {
    await base.hasher.dummy(password);
    return undefined;
  }
  const { id, hash } = found.kept;
  const { ok, outdated } = await base.hasher.verify(hash, password);
  if (!ok) return undefined;
  if (outdated) await rehash(base, id, hash, password);
  return found;
}

async function rehash(base: Pick<Base, 'db' | 'hasher'>, id: string, before: string, password: string): Promise<void> {
  try {
    await rehashPassword(base.db, id, before, await base.hasher.hash(password));
  } catch (error) {
    // There is a next time.
    if (!isProblem(error, 'busy')) throw error;
  }
}

/** Is it the present password of somebody who is signed in? Throws wrong_credentials, too_many_attempts, busy. */
export async function confirmPassword(
  base: Pick<Base, 'db' | 'vault' | 'hasher'>,
  act: { staff: string; password: string; ip: string },
): Promise<void> {
  const kept = await readPassword(base.db, act.staff);
  const result = await guessStaff(base, { staff: act.staff }, act.ip, async () => {
    if (kept) return (await base.hasher.verify(kept.hash, act.password)).ok || undefined;
    await base.hasher.dummy(act.password);
    return undefined;
  });
  if (!result.right) throw new Problem('wrong_credentials', 'That is not your present password.');
}
