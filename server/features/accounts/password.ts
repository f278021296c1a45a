import { passwordLength } from '../../../contract/accounts.ts';
import { Problem } from '../../base/errors.ts';

/**
 * May this become somebody's password? Its length counts, and it must not be the address it belongs to.
 *
 * @throws Problem password_weak (extra: reason 'short', 'long' or 'address')
 */
export function checkNewPassword(password: string, address?: string): void {
  const length = [...password.slice(0, 4 * passwordLength.most)].length;
  if (length < passwordLength.least) throw new Problem('password_weak', undefined, { reason: 'short' });
  if (length > passwordLength.most) {
    const most = `This password is too long. Use at most ${passwordLength.most} characters.`;
    throw new Problem('password_weak', most, { reason: 'long' });
  }
  if (address && password.trim().toLowerCase() === address) {
    throw new Problem('password_weak', 'Choose a password that is not your address.', { reason: 'address' });
  }
}
