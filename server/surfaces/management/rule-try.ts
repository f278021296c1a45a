import { ruleTried, ruleTry } from '../../../contract/rules.ts';
import { createHttpCall } from '../../base/sandbox/http-call.ts';
import { tryRule } from '../../features/rules/rules.ts';
import { ownUrl } from '../triggers/triggers.ts';
import { refuseCode } from './refuse-code.ts';
import { nothing, type Route, route } from './route.ts';

/**
 * Running a script takes what saving one takes: it may call out. It is given no token and no stored configuration, so
 * whoever may save rules learns no more by it than by reading what they sent.
 */
export const ruleTryRoutes: readonly Route[] = [
  route(
    {
      method: 'POST',
      path: '/rules/try',
      summary: 'Run a script once for a user and a context that you send, keeping nothing; its HTTP calls are made',
      may: ['create:rules', 'update:rules'],
      audit: 'rule',
      apart: 'The script may call out: it runs outside of any transaction.',
      params: nothing,
      query: nothing,
      body: ruleTry,
      status: 200,
      reply: ruleTried,
    },
    async ({ base }, { body, caller, note }) => {
      refuseCode(caller.access);
      await note.write(base.db);
      const http = createHttpCall({
        outgoing: base.outgoing,
        async inProcess({ url }) {
          if (ownUrl(base, url))
            throw new Error(opensNothing, { cause: { code: 'EREGULARS_REFUSED', message: opensNothing } });
          return undefined;
        },
      });
      const { durationMs, ...tried } = await tryRule(base, body, (argument, signal) => http(argument, { signal }));
      return { ...tried, duration_ms: durationMs };
    },
  ),
];

// At a sign-in it does: the advice that others get, to allow the host, would lead astray.
const opensNothing =
  "In Try auth0.accessToken opens nothing, so Regulars' own addresses are not called. At a sign-in they are answered.";
