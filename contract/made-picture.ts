/**
 * Is this Auth0's default, of which nobody said anything: Gravatar's picture for the address, else the initials of the
 * name? To ask for it would tell Gravatar the hash of a customer's address, and it says no more than the initials.
 */
export function isMadePicture(picture: string): boolean {
  return picture.startsWith('https://s.gravatar.com/avatar/');
}
