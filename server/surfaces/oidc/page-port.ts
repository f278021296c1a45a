import type { FastifyReply, FastifyRequest } from 'fastify';

/** A page on the way through the protocol. Its look is another surface's: `createOidc` is handed how to show one. */
export type ProtocolPage = {
  readonly name: 'error' | 'device-code' | 'device-confirm' | 'device-done' | 'logout' | 'signed-out' | 'travel';
  readonly model: Readonly<Record<string, unknown>>;
  readonly status: number;
  /** The portal it is about, for the brand's dress; none: the default brand's. */
  readonly clientId?: string | undefined;
  /** OIDC `ui_locales`. */
  readonly uiLocales?: string | undefined;
};

/**
 * Sends a page. Models:
 * `error` {error, error_description, id}; `device-code` {action, xsrf, user_code, problem?}; `device-confirm` {action,
 * xsrf, user_code, portal_name}; `device-done` {portal_name}; `logout` {action, token, fields: {name: value}};
 * `signed-out` {}; `travel` {url, network}, to go on there at once. Forms are posted to `action` as fields of the same names; `device-confirm` adds `confirm=yes` or
 * `abort=yes`, `logout` adds `logout=yes` or nothing.
 */
export type ShowPage = (
  request: FastifyRequest,
  reply: FastifyReply,
  page: ProtocolPage,
) => FastifyReply | Promise<FastifyReply>;
