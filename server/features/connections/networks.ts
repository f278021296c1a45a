import type { NetworkConnection } from './connection.ts';
import type { Network } from './network.ts';
import { amazon } from './providers/amazon.ts';
import { apple } from './providers/apple.ts';
import { facebook } from './providers/facebook.ts';
import { github } from './providers/github.ts';
import { google } from './providers/google.ts';
import { linkedin } from './providers/linkedin.ts';
import { oauth2 } from './providers/oauth2.ts';
import { oidc } from './providers/oidc.ts';
import { twitter } from './providers/twitter.ts';
import { windowslive } from './providers/windowslive.ts';

/** The network of a connection, under its options. */
export function networkOf(connection: NetworkConnection): Network {
  switch (connection.strategy) {
    case 'google-oauth2':
      return google(connection.options);
    case 'facebook':
      return facebook(connection.options);
    case 'apple':
      return apple(connection.options);
    case 'twitter':
      return twitter(connection.options);
    case 'github':
      return github(connection.options);
    case 'linkedin':
      return linkedin(connection.options);
    case 'windowslive':
      return windowslive(connection.options);
    case 'amazon':
      return amazon(connection.options);
    case 'oidc':
      return oidc(connection.options);
    case 'oauth2':
      return oauth2(connection.options);
  }
}
