import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { type Act, type Change, recordAudit } from '../../features/audit/audit.ts';
import { findByUserId } from '../../features/customers/customers.ts';
import type { Caller } from './caller.ts';

/** What the audit log is told of one call, while it is handled. */
export type Note = {
  /** The call is about this customer. */
  on(customer: { readonly id: string }): void;
  /** It shows customers as a list: one row for all of them. */
  onMany(): void;
  /** Attributes or settings that it writes, by name. */
  onPaths(paths: Iterable<string>): void;
  /** What values of the customer it found, and what it makes of them. */
  changes(changes: Readonly<Record<string, Change>>): void;
  /** Writes the row in the transaction of the act. */
  write(tx: Db): Promise<void>;
};

/** The same as the mount holds it, which sees to it that a row is written. */
export type OpenNote = Note & {
  /** What the operation answered: it may tell which thing it made. */
  answered(answer: unknown): void;
  /** Writes the row unless it was written, or nothing is to be told. */
  finish(db: Db): Promise<void>;
  /** Writes that it was refused. */
  refuse(db: Db): Promise<void>;
};

/** What of a route the log tells. */
type Noted = {
  readonly method: keyof typeof acts;
  readonly path: string;
  readonly summary: string;
  readonly audit?: string | undefined;
};

const acts = { GET: 'read', POST: 'create', PATCH: 'change', PUT: 'change', DELETE: 'delete' } as const;
const word = z.string().optional();
const named = z.looseObject({ id: word, path: word, kid: word, brand: word, kind: word, language: word });
const made = z.looseObject({
  id: z.string().optional(),
  client_id: z.string().optional(),
  path: z.string().optional(),
});

/** What of a request the log tells. */
type Asked = Pick<FastifyRequest, 'params' | 'ip' | 'headers'>;

/** Begins what the audit log is told of a call. */
export function openNote(base: Pick<Base, 'db'>, route: Noted, caller: Caller, request: Asked): OpenNote {
  const params = named.safeParse(request.params).data;
  const isOfUser = /^\/user(s|-blocks)\//.test(route.path);
  let thing = isOfUser || !params ? null : nameOf(params);
  let customer: string | null = null;
  let isAboutMany = false;
  let changed: Readonly<Record<string, Change>> = {};
  let isWritten = false;
  const paths = new Set<string>();

  function record(db: Db, act: Act): Promise<void> {
    const isAboutCustomers = isAboutMany && customer === null;
    return recordAudit(db, {
      at: now(),
      by: caller.kind,
      who: caller.kind === 'staff' ? caller.staffId : caller.clientId,
      whoName: caller.name,
      act,
      route: `${route.method} ${route.path}`,
      summary: route.summary,
      about: route.audit ?? (isAboutCustomers ? 'customers' : 'customer'),
      thing: customer === null || route.audit !== 'customer' ? thing : null,
      customer,
      paths: [...paths],
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
      changes: changed,
    });
  }

  return {
    on({ id }) {
      customer = id;
    },
    onMany() {
      isAboutMany = true;
    },
    onPaths(names) {
      for (const name of names) paths.add(name);
    },
    changes(changes) {
      changed = changes;
      for (const path of Object.keys(changes)) paths.add(path);
    },
    async write(tx) {
      await record(tx, acts[route.method]);
      isWritten = true;
    },
    answered(answer) {
      const told = route.audit === undefined || route.audit === 'customer' ? undefined : made.safeParse(answer).data;
      thing ??= told?.client_id ?? told?.id ?? told?.path ?? null;
    },
    async finish(db) {
      const isWrite = route.method !== 'GET' && route.audit !== 'nothing';
      const isToTell = isWrite || customer !== null || isAboutMany;
      if (!isWritten && isToTell) await record(db, acts[route.method]);
    },
    async refuse(db) {
      changed = {};
      // Its own id says nothing once it is erased; the `user_id` would.
      if (customer === null && isOfUser && params?.id) customer = (await findByUserId(base.db, params.id))?.id ?? null;
      await record(db, 'refuse');
    },
  };
}

/** What the address of an operation names: `lumiere/reset_password/en` of a mail. */
function nameOf({ id, path, kid, brand, kind, language }: z.infer<typeof named>): string | null {
  return id ?? path ?? kid ?? (kind === undefined ? null : [brand, kind, language].join('/'));
}
