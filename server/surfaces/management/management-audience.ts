import type { Base } from '../../base/base.ts';

/** The audience of the Management API's access tokens. */
export function managementAudience(base: Pick<Base, 'config'>): string {
  return `${base.config.issuer}api/v2/`;
}
