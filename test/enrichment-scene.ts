// Customers, a service outside that says what a test wants, and the library rule that asks it.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fullContact, fullContactSource } from '../rules-library/fullcontact.ts';
import { libraryRules } from '../rules-library/library.ts';
import type { Base } from '../server/base/base.ts';
import { transact } from '../server/base/db.ts';
import type { JsonObject } from '../server/base/json.ts';
import { writeOutgoingHosts } from '../server/base/outgoing-hosts.ts';
import { give } from '../server/features/consents/consents.ts';
import { createCustomer, explain, findBySubject, learn } from '../server/features/customers/customers.ts';
import {
  ask,
  type Source,
  type SourceState,
  sourceStates,
  type Told,
} from '../server/features/enrichment/enrichment.ts';
import { addLibraryRule, offerLibrary } from '../server/features/rules/rules.ts';
import { finishEnrichment } from '../server/finish-enrichment.ts';
import { testBase } from './base.ts';
import { passwordIdentity, saying } from './people.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, question: JsonObject) => void | Promise<void>;

/** The service says this from now on. */
export function says(status: number, body: unknown = {}, headers: Record<string, string> = {}): Answer {
  return (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** The service says nothing until it is let go on. */
export function saysLater(answer: Answer): { answer: Answer; goOn(): void } {
  const hold = Promise.withResolvers<void>();
  return {
    goOn: hold.resolve,
    async answer(...call) {
      await hold.promise;
      await answer(...call);
    },
  };
}

// Whatever else this machine does, an answer that is there is waited for.
export const patient: Source = { ...fullContactSource, patienceMs: 20_000 };
export const brand = '018f0000-0000-7000-8000-000000000001';

export type EnrichmentScene = {
  readonly base: Base;
  /** Where the service is. */
  readonly address: string;
  /** What it says. */
  answer: Answer;
  /** What it was asked. */
  readonly asked: JsonObject[];
  /** Nobody has asked, and no pause is on. */
  clear(): Promise<void>;
  newcomer(): Promise<string>;
  /** Their e-mail address is this one from now on, and proven. */
  proves(subject: string, email: string): Promise<void>;
  /** As a sign-in of whoever has proven that address would. */
  lookUp(subject: string, question?: JsonObject, source?: Source): Promise<Told>;
  /** What rules told of the customer. */
  learned(subject: string): Promise<unknown[][]>;
  jobsOf(subject: string): Promise<JsonObject[]>;
  /** Runs the waiting job, as if its time had come. */
  finishNow(subject: string): Promise<void>;
  state(): Promise<SourceState>;
  allow(subject: string, given?: boolean): Promise<void>;
  /** Waits until the service was asked so often. */
  untilAsked(times: number): Promise<void>;
  close(): Promise<void>;
};

/** Opens it all; `close` ends it all. */
export async function openEnrichmentScene(): Promise<EnrichmentScene> {
  const base = await testBase();
  const asked: JsonObject[] = [];
  let people = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const question: JsonObject = JSON.parse(body);
    asked.push(question);
    await scene.answer(request, response, question);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const host = `127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`;
  const address = `http://${host}/v3/person.enrich`;
  offerLibrary(base, libraryRules);
  await transact(base.db, (tx) => writeOutgoingHosts(tx, base.settings, [host]));
  const author = { by: 'machine', name: 'Machine' };
  await addLibraryRule(base, { library: fullContact.id, settings: { key: 'the-key', address } }, author);
  await base.settings.refresh();

  const scene: EnrichmentScene = {
    base,
    address,
    answer: says(404),
    asked,
    async clear() {
      asked.length = 0;
      await base.pool.query('delete from enrichment_days');
      await base.pool.query(
        'update enrichment_sources set failures_in_row = 0, paused_until = null, paused_for = null',
      );
    },
    async newcomer() {
      people += 1;
      return (await createCustomer(base.db, passwordIdentity(`person${people}@example.com`))).subject;
    },
    async proves(subject, email) {
      const at = new Date();
      const facts = saying({ email }, { source: 'umbrella', at });
      await learn(base.db, subject, facts, [{ kind: 'email', address: email, how: 'umbrella', origin: 'test', at }]);
    },
    async lookUp(subject, question = { email: `${subject}@example.com` }, source = patient) {
      if (typeof question.email === 'string') await scene.proves(subject, question.email);
      return ask(base, { source, settings: { key: 'the-key', address }, brand, subject, question });
    },
    async learned(subject) {
      const customer = await findBySubject(base.db, subject);
      const facts = await explain(base.db, customer?.id ?? '');
      return facts
        .filter(({ source }) => source === 'rule')
        .map(({ path, value, origin, confidence }) => [path, value, origin, confidence]);
    },
    async jobsOf(subject) {
      const { rows } = await base.pool.query('select payload from graphile_worker._private_jobs where key = $1', [
        `enrichment fullcontact ${subject}`,
      ]);
      return rows.map(({ payload }) => payload);
    },
    async finishNow(subject) {
      const [payload] = await scene.jobsOf(subject);
      assert.ok(payload, 'a job waits');
      await base.pool.query('select graphile_worker.remove_job($1)', [`enrichment fullcontact ${subject}`]);
      await finishEnrichment(base, payload);
    },
    async state() {
      const [one] = await sourceStates(base.db, [fullContactSource]);
      assert.ok(one);
      return one;
    },
    async allow(subject, given = true) {
      const said = { purpose: 'enrichment', version: '1', wording: 'Yes?', language: 'en', source: 'account' } as const;
      await give(base.db, { subject, brand: null, given, ...said, at: new Date() });
    },
    async untilAsked(times) {
      for (let tries = 0; asked.length < times && tries < 500; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.equal(asked.length, times);
    },
    async close() {
      await base.close();
      server.closeAllConnections();
      server.close();
    },
  };
  return scene;
}
