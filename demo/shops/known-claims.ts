import { isMadePicture } from '../../contract/made-picture.ts';
import { birthdayInWords, libraryValues } from './in-words.ts';

/** One thing that a token told of the customer, as the shop's page lists it. */
export type KnownClaim = { claim: string; label: string; value: string };

// Words for claims and attributes; what the protocol itself needs (`iss`, `nonce`, ...) is nothing to show.
const labels: Readonly<Record<string, string>> = {
  name: 'Name',
  given_name: 'First name',
  family_name: 'Family name',
  nickname: 'Nickname',
  email: 'E-mail address',
  email_verified: 'E-mail address proven',
  phone_number: 'Phone number',
  birthdate: 'Birthday',
  gender: 'Gender',
  locale: 'Language',
  zoneinfo: 'Time zone',
  picture: 'Picture',
  updated_at: 'Profile changed',
  sub: 'Customer id',
  amr: 'Proven by',
  acr: 'How surely',
  likes: 'Likes',
  'user_metadata.scents': 'Scents',
  'user_metadata.skin': 'Skin',
  'user_metadata.walks': 'Walks',
};

/** How people call an attribute; its path if there is no word for it. */
export function labelOf(path: string): string {
  return labels[path] ?? libraryValues.get(path)?.labels.en ?? path;
}

/** What ID token and userinfo tell of the customer, in the order in which people want to read it. */
export function knownClaims(claims: Readonly<Record<string, unknown>>): KnownClaim[] {
  return Object.entries(labels).flatMap(([claim, label]) => {
    const value = claims[claim];
    if (value === undefined || value === null) return [];
    // Nobody told it, and the shop’s page would ask Gravatar for it.
    if (claim === 'picture' && isMadePicture(String(value))) return [];
    return [{ claim, label, value: claim === 'birthdate' ? birthdayInWords(String(value)) : tell(value) }];
  });
}

function tell(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
