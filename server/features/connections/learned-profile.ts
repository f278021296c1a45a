import type { NetworkConnection } from './connection.ts';
import type { NetworkAnswer } from './network-answer.ts';

const rootAttributes = new Set(['name', 'given_name', 'family_name', 'nickname', 'picture']);

/**
 * Which told attributes become facts at this sign-in: the connection's `set_user_root_attributes` decides on name,
 * given and family name, nickname and picture; everything else is learned each time.
 */
export function learnedProfile(
  connection: NetworkConnection,
  answer: Pick<NetworkAnswer, 'profile'>,
  isFirstSignIn: boolean,
): NetworkAnswer['profile'] {
  const when = connection.options.set_user_root_attributes;
  const learns = when === 'on_each_login' || (when === 'on_first_login' && isFirstSignIn);
  return answer.profile.filter(({ path }) => learns || !rootAttributes.has(path));
}
