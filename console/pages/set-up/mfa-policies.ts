import type { MfaPolicy } from '../../../contract/second-factors.ts';

/** Who is asked for a second factor. */
export const mfaPolicies: readonly { readonly value: MfaPolicy; readonly label: string }[] = [
  { value: 'never', label: 'Who has one, on a new device' },
  { value: 'new_device', label: 'Everybody, on a new device' },
  { value: 'always', label: 'Everybody, at every sign-in' },
];
