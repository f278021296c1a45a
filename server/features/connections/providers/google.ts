import { ClientSecretPost } from 'openid-client';
import type { OptionsOf } from '../../../../contract/connection-options.ts';
import type { Json } from '../../../base/json.ts';
import { formatBirthday } from '../birthday.ts';
import { asking, type Network, scopesOf } from '../network.ts';
import { at, listAt, objectAt, textAt } from '../told-json.ts';

const birthdayScope = 'https://www.googleapis.com/auth/user.birthday.read';
const genderScope = 'https://www.googleapis.com/auth/user.gender.read';

/** Google: OpenID Connect, birthday and gender from the People API. */
export function google(options: OptionsOf<'google-oauth2'>): Network {
  const { email, profile, birthday, gender, origin } = options;
  return {
    server: { discover: origin ?? 'https://accounts.google.com' },
    auth: ClientSecretPost(options.client_secret),
    scopes: scopesOf(
      options,
      ...['openid', email && 'email', profile && 'profile', birthday && birthdayScope, gender && genderScope],
    ),
    asks: asking({ name: profile, picture: profile, email, birthday, gender }),
    pkce: true,
    idToken: 'with nonce',
    parameters: options.offline_access ? { access_type: 'offline' } : {},
    hints: ['login_hint', 'prompt=select_account', 'prompt=consent'],
    async read({ claims, granted, get, optional }) {
      const fields = [granted.has(birthdayScope) && 'birthdays', granted.has(genderScope) && 'genders'].filter(Boolean);
      const address = `${origin ?? 'https://people.googleapis.com'}/v1/people/me`;
      const query = { personFields: fields.join(',') };
      const person = fields.length > 0 ? await optional('people', get(address, query)) : undefined;
      const told =
        person === undefined ? {} : { birthdays: listAt(person, 'birthdays'), genders: listAt(person, 'genders') };
      return {
        id: claims.sub,
        profile: { ...claims, birthdate: birthdayOf(person), gender: genderOf(person) },
        email: {
          address: claims.email,
          verified: claims.email_verified === true,
          vouches: (domain) => options.trust_email_verified && isGoogles(domain, textAt(claims, 'hd')),
        },
        raw: { ...claims, ...told },
      };
    },
  };
}

/** Google is authoritative for its own addresses and, by `hd`, for those of the organisation it runs mail for. */
function isGoogles(domain: string, hostedDomain: string | undefined): boolean {
  return domain === 'gmail.com' || domain === 'googlemail.com' || domain === hostedDomain?.toLowerCase();
}

/** Several birthdays may be told (profile, account): the most exact one is taken. */
function birthdayOf(person: Json | undefined): string | undefined {
  const dates = listAt(person, 'birthdays').flatMap((one) => {
    const [year, month, day] = ['year', 'month', 'day'].map((part) => {
      const value = objectAt(one, 'date')[part];
      return typeof value === 'number' && value > 0 ? value : undefined;
    });
    return formatBirthday({ year, month, day }) ?? [];
  });
  return dates.find((date) => /^[12]\d{3}-/.test(date)) ?? dates.find((date) => date.includes('-')) ?? dates[0];
}

function genderOf(person: Json | undefined): Json | undefined {
  const value = at(person, 'genders.0.value');
  return value === 'unspecified' ? undefined : value;
}
