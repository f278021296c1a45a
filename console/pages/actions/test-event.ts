import { connectionOf, type LastSignIn, methodsOf, protocolOf } from '../../ui/known-sign-in.ts';

/** `event` of a post-login action at such a sign-in; made up where nobody was chosen. */
export function eventOf(chosen: LastSignIn | undefined): object {
  const { user, row } = chosen ?? {};
  return {
    user: user ?? { user_id: 'auth0|example', email: 'ada@example.com', user_metadata: {}, app_metadata: {} },
    client: { client_id: row?.portal ?? 'a-portal', name: row?.portal_name ?? 'A portal', metadata: {} },
    connection: { ...connectionOf(chosen), metadata: {} },
    request: { ip: row?.ip ?? '192.0.2.1', user_agent: row?.browser ?? 'Mozilla/5.0', query: {}, body: {} },
    stats: { logins_count: typeof user?.logins_count === 'number' ? user.logins_count : 1 },
    transaction: { protocol: protocolOf(chosen), requested_scopes: ['openid'], metadata: {} },
    authentication: { methods: methodsOf(chosen) },
    authorization: { roles: [] },
  };
}
