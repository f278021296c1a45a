import type { NetworkStrategy, Strategy } from '../../../../contract/connection-options.ts';

/** A field of a connection's options, and what is to be typed there. */
export type Field = {
  readonly name: string;
  readonly label: string;
  readonly about?: string;
  readonly placeholder?: string;
  /** `secret`: shown to nobody again, stays when it is left out; `lines`: a list, one a line; `pairs`: name = value. */
  readonly kind: 'text' | 'secret' | 'key' | 'switch' | 'lines' | 'pairs' | 'choice';
  readonly required?: true;
  /** A switch that is on unless somebody turned it off. */
  readonly isOn?: true;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
};

/** What a kind of connection is, and how one gets what it needs. */
export type Guide = {
  readonly strategy: Strategy;
  readonly label: string;
  readonly about: string;
  /** Name of the connection unless somebody wants another: it stands in user ids. */
  readonly name: string;
  /** What to do at the network, in order; `callback`: here our address is entered. */
  readonly steps: readonly (string | { readonly callback: string })[];
  /** Where that is done. */
  readonly at?: string;
  readonly fields: readonly Field[];
};

const clientId: Field = { name: 'client_id', label: 'Client id', kind: 'text', required: true };
const clientSecret: Field = { name: 'client_secret', label: 'Client secret', kind: 'secret', required: true };
const flag = (name: string, label: string, about?: string): Field => ({
  name,
  label,
  kind: 'switch',
  ...(about === undefined ? {} : { about }),
});
const usual = (name: string, label: string): Field => ({ ...flag(name, label), isOn: true });
const email = usual('email', 'Ask for the e-mail address');
const profile = usual('profile', 'Ask for name and picture');
const trust: Field = flag(
  'trust_email_verified',
  'Believe that an address is verified',
  'Only for domains that this provider is the authority of. Who comes with such an address opens the account that has it.',
);
const domains: Field = {
  name: 'domain_aliases',
  label: 'Domains it is the authority of',
  about: 'One a line: example.com',
  kind: 'lines',
};
const tokenMethod: Field = {
  name: 'token_endpoint_auth_method',
  label: 'How we prove ourselves there',
  kind: 'choice',
  choices: [
    { value: 'client_secret_post', label: 'Secret in the request' },
    { value: 'client_secret_basic', label: 'Secret in the header (Basic)' },
  ],
};

const networks: readonly (Guide & { readonly strategy: NetworkStrategy })[] = [
  {
    strategy: 'google-oauth2',
    label: 'Google',
    name: 'google-oauth2',
    about: 'Name, picture, e-mail; with consent birthday and gender.',
    at: 'https://console.cloud.google.com/auth/clients',
    steps: [
      'Choose a project of your company, or make one.',
      'Under “Branding” say what customers see: the name, your address for questions, the privacy notice.',
      'Under “Audience” choose external users, and publish the app, or only test users get in.',
      { callback: 'Under “Clients” create one of the type “Web application” and add this redirect URI:' },
      'Copy the client ID and the client secret into the fields here.',
    ],
    fields: [
      { ...clientId, placeholder: '….apps.googleusercontent.com' },
      clientSecret,
      email,
      profile,
      flag('birthday', 'Ask for the birthday', 'Google wants to review apps that ask for it.'),
      flag('gender', 'Ask for the gender', 'Google wants to review apps that ask for it.'),
      { ...trust, isOn: true, about: 'Counts for gmail.com and the organisation’s own domain only.' },
    ],
  },
  {
    strategy: 'apple',
    label: 'Apple',
    name: 'apple',
    about: 'Name (the first time only) and e-mail, which may be a relay address.',
    at: 'https://developer.apple.com/account/resources/identifiers/list',
    steps: [
      'Add an App ID and turn “Sign in with Apple” on for it.',
      'Add a Services ID: its identifier is the services id asked for here.',
      { callback: 'Configure “Sign in with Apple” of the Services ID: this server’s domain, and as return URL:' },
      'Under “Keys” create one for “Sign in with Apple” and download it: that works once. Its Key ID stands beside it.',
      'The team id stands in the upper right corner of the page.',
    ],
    fields: [
      { ...clientId, label: 'Services id', placeholder: 'example.shop.signin' },
      { name: 'team_id', label: 'Team id', kind: 'text', required: true },
      { name: 'kid', label: 'Key id', kind: 'text', required: true },
      {
        name: 'app_secret',
        label: 'Private key',
        about: 'The whole content of the .p8 file.',
        placeholder: '-----BEGIN PRIVATE KEY-----',
        kind: 'key',
        required: true,
      },
      usual('name', 'Ask for the name'),
      email,
      { ...trust, isOn: true, about: 'Counts for Apple’s relay and iCloud addresses only.' },
    ],
  },
  {
    strategy: 'facebook',
    label: 'Facebook',
    name: 'facebook',
    about: 'Name, picture, e-mail; with consent birthday, gender, likes.',
    at: 'https://developers.facebook.com/apps',
    steps: [
      'Create an app with the use case “Authenticate and request data from users with Facebook Login”.',
      { callback: 'In the settings of Facebook Login add this valid OAuth redirect URI:' },
      'Under “App settings, Basic” enter your privacy notice, then copy app ID and app secret into the fields here.',
      'Publish the app. What goes beyond name and e-mail needs a review by Facebook first.',
    ],
    fields: [
      { ...clientId, label: 'App id' },
      { ...clientSecret, label: 'App secret' },
      email,
      flag('user_birthday', 'Ask for the birthday'),
      flag('user_gender', 'Ask for the gender'),
      flag('user_likes', 'Ask for liked pages', 'Customers are asked for their consent before.'),
      flag('user_location', 'Ask where they live'),
      flag('user_hometown', 'Ask where they come from'),
    ],
  },
  {
    strategy: 'twitter',
    label: 'X',
    name: 'twitter',
    about: 'Name, picture; the e-mail if the app may ask.',
    at: 'https://developer.x.com/en/portal/dashboard',
    steps: [
      'Make a project and in it an app.',
      'Open its “User authentication settings”: a web app that keeps secrets (confidential client).',
      { callback: 'Add this callback URI:' },
      'Turn “Request email from users” on if you want the address.',
      'Copy the OAuth 2.0 client ID and client secret (not the API key) into the fields here.',
    ],
    fields: [{ ...clientId, label: 'OAuth 2.0 client id' }, clientSecret, email],
  },
  {
    strategy: 'github',
    label: 'GitHub',
    name: 'github',
    about: 'Name, picture, e-mail.',
    at: 'https://github.com/settings/developers',
    steps: [
      'Under “OAuth Apps” register a new one, best of your organisation: its own settings have the same page.',
      { callback: 'Enter as authorization callback URL:' },
      'Generate a client secret and copy it with the client ID into the fields here.',
    ],
    fields: [clientId, clientSecret, profile, email],
  },
  {
    strategy: 'linkedin',
    label: 'LinkedIn',
    name: 'linkedin',
    about: 'Name, picture, e-mail.',
    at: 'https://www.linkedin.com/developers/apps',
    steps: [
      'Create an app for the page of your company.',
      'Under “Products” request “Sign In with LinkedIn using OpenID Connect”.',
      { callback: 'Under “Auth” add this redirect URL:' },
      'Copy client ID and primary client secret into the fields here.',
    ],
    fields: [clientId, clientSecret, profile, email],
  },
  {
    strategy: 'windowslive',
    label: 'Microsoft',
    name: 'windowslive',
    about: 'Name and e-mail.',
    at: 'https://entra.microsoft.com',
    steps: [
      'Under “App registrations” make a new one, for personal Microsoft accounts (and organisations, if you like).',
      { callback: 'As redirect URI of the platform “Web” enter:' },
      'Copy the application (client) ID.',
      'Under “Certificates & secrets” make a client secret and copy its value, not its ID.',
    ],
    fields: [
      { ...clientId, label: 'Application (client) id' },
      clientSecret,
      usual('graph_user', 'Ask for name and picture'),
      usual('emails', 'Ask for the e-mail address'),
    ],
  },
  {
    strategy: 'amazon',
    label: 'Amazon',
    name: 'amazon',
    about: 'Name, e-mail, postal code.',
    at: 'https://developer.amazon.com/loginwithamazon/console/site/lwa/overview.html',
    steps: [
      'Create a security profile with your name and privacy notice.',
      { callback: 'In its web settings add this allowed return URL:' },
      'Copy client ID and client secret into the fields here.',
    ],
    fields: [clientId, clientSecret, flag('postal_code', 'Ask for the postal code')],
  },
  {
    strategy: 'oidc',
    label: 'OpenID Connect',
    name: 'oidc',
    about: 'Any provider that speaks it: Keycloak, Entra, Okta, another Regulars …',
    steps: [
      'At the provider register a web client that keeps a secret.',
      { callback: 'Enter as its redirect URI:' },
      'Copy the address of its discovery document, the client id and the secret into the fields here.',
    ],
    fields: [
      {
        name: 'discovery_url',
        label: 'Discovery document',
        placeholder: 'https://login.example.com/.well-known/openid-configuration',
        kind: 'text',
        required: true,
      },
      clientId,
      clientSecret,
      {
        name: 'scope',
        label: 'Scopes',
        about: 'Separated by spaces.',
        placeholder: 'openid profile email',
        kind: 'text',
      },
      tokenMethod,
      trust,
      domains,
    ],
  },
  {
    strategy: 'oauth2',
    label: 'OAuth 2',
    name: 'oauth2',
    about: 'Any other provider, if it tells a profile by an address.',
    steps: [
      'At the provider register a client that keeps a secret.',
      { callback: 'Enter as its redirect URI:' },
      'Look up its three addresses, and where in the profile its parts stand.',
    ],
    fields: [
      { name: 'authorizationURL', label: 'Authorization address', kind: 'text', required: true },
      { name: 'tokenURL', label: 'Token address', kind: 'text', required: true },
      { name: 'userinfo_endpoint', label: 'Profile address', kind: 'text', required: true },
      clientId,
      clientSecret,
      {
        name: 'fieldsMap',
        label: 'Where the profile’s parts stand',
        about: 'One a line, attribute = place: email = data.mail',
        placeholder: 'user_id = id',
        kind: 'pairs',
      },
      { name: 'scope', label: 'Scopes', about: 'One a line.', kind: 'lines' },
      tokenMethod,
      trust,
      domains,
    ],
  },
];

/** Every kind of connection, passwords first. */
export const guides: readonly Guide[] = [
  {
    strategy: 'auth0',
    label: 'E-mail and password',
    name: 'Username-Password-Authentication',
    about: 'Kept here: passwords, mailed codes and passkeys.',
    steps: [],
    fields: [],
  },
  ...networks,
];

/** What there is to know of a kind. */
export function strategyOf(strategy: Strategy): Guide {
  const found = guides.find((guide) => guide.strategy === strategy);
  if (!found) throw new Error(`No guide for ${strategy}`);
  return found;
}
