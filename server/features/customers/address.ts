import { normaliseEmail } from '../../../contract/email-address.ts';
import { normalisePhone } from '../../../contract/phone-number.ts';
import { Problem } from '../../base/errors.ts';
import type { AddressKind } from './fact.ts';

/** The stored form of an address. @throws Problem `invalid_body` when it is none */
export function normaliseAddress(kind: AddressKind, text: string): string {
  const address = kind === 'email' ? normaliseEmail(text) : normalisePhone(text);
  if (!address) throw new Problem('invalid_body', kind === 'email' ? notAnEmail : notAPhone);
  return address;
}

const notAnEmail = 'This is not an e-mail address: write it as name@example.com.';
const notAPhone = 'This is not a phone number: write it with its country, as +49 170 1234567.';
