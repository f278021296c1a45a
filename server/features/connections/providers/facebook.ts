import { createHmac } from 'node:crypto';
import { ClientSecretPost } from 'openid-client';
import type { OptionsOf } from '../../../../contract/connection-options.ts';
import type { Json } from '../../../base/json.ts';
import { readBirthday } from '../birthday.ts';
import { asking, type Network, scopesOf, vouchesForNone } from '../network.ts';
import { readPages } from '../read-pages.ts';
import { at, listAt, objectAt, textAt } from '../told-json.ts';

const version = 'v25.0';
const flags = [
  'user_birthday',
  'user_gender',
  'user_location',
  'user_hometown',
  'user_age_range',
  'user_link',
] as const;

/** Facebook: OAuth 2.0 and the Graph API, whose every call carries a proof of the app's secret. */
export function facebook(options: OptionsOf<'facebook'>): Network {
  const { email, user_birthday: birthday, user_gender: gender, origin } = options;
  const graph = `${origin ?? 'https://graph.facebook.com'}/${version}`;
  const site = origin ?? 'https://www.facebook.com';
  const wished = flags.filter((flag) => options[flag]);
  return {
    server: {
      metadata: {
        issuer: site,
        authorization_endpoint: `${site}/${version}/dialog/oauth`,
        token_endpoint: `${graph}/oauth/access_token`,
      },
    },
    auth: ClientSecretPost(options.client_secret),
    // Likes are asked for with consent only, however they got into the settings.
    scopes: scopesOf(options, 'public_profile', email && 'email', ...wished).filter((scope) => scope !== 'user_likes'),
    scopeSeparator: ',',
    ...(options.user_likes && { likesScope: 'user_likes' }),
    asks: asking({
      name: true,
      picture: true,
      email,
      birthday,
      gender,
      likes: options.user_likes,
      place: asksPlace(options),
    }),
    pkce: true,
    idToken: 'none',
    async read({ accessToken, readLikes, get, optional }) {
      const proof = createHmac('sha256', options.client_secret ?? '')
        .update(accessToken)
        .digest('hex');
      const call = (path: string, query = {}) => get(`${graph}/me${path}`, { ...query, appsecret_proof: proof });
      const fields = ['id', 'name', 'first_name', 'last_name', 'picture.type(large)', email && 'email'];
      const more = wished.map((flag) => flag.replace('user_', ''));
      const [me, permissions, likes] = await Promise.all([
        call('', { fields: [...fields, ...more].filter(Boolean).join(',') }),
        optional('permissions', call('/permissions')),
        readLikes
          ? optional(
              'likes',
              readPages((query) => call('/likes', query)),
            )
          : undefined,
      ]);
      return {
        id: at(me, 'id'),
        profile: {
          name: at(me, 'name'),
          given_name: at(me, 'first_name'),
          family_name: at(me, 'last_name'),
          picture: at(me, 'picture.data.is_silhouette') === true ? undefined : at(me, 'picture.data.url'),
          gender: at(me, 'gender'),
          birthdate: readBirthday(textAt(me, 'birthday')),
        },
        // Facebook tells confirmed addresses only, but says so in no claim, and it is nobody's mail provider.
        email: { address: at(me, 'email'), verified: false, vouches: vouchesForNone },
        raw: objectAt(me),
        likes,
        granted: permissions === undefined ? undefined : grantedIn(permissions),
      };
    },
  };
}

function asksPlace(options: OptionsOf<'facebook'>): boolean {
  return options.user_location || options.user_hometown;
}

function grantedIn(permissions: Json): string[] {
  const granted = listAt(permissions, 'data').filter((row) => at(row, 'status') === 'granted');
  return granted.flatMap((row) => textAt(row, 'permission') ?? []);
}
