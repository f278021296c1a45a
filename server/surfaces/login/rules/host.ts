import type { Base } from '../../../base/base.ts';
import { isProblem, Problem } from '../../../base/errors.ts';
import { createHttpCall } from '../../../base/sandbox/http-call.ts';
import type { HostCall } from '../../../base/sandbox/sandbox.ts';
import type { RulesHost, RunRules } from '../../../features/rules/rules.ts';
import { demandConsent } from './demand-consent.ts';
import { learnFacts } from './learn-facts.ts';
import { libraryCall } from './library-calls.ts';
import { updateMetadata } from './metadata.ts';
import type { Occasion } from './occasion.ts';
import { openOwnAccess } from './own-address.ts';
import { reachesEverybody } from './reach.ts';
import { showAsApi } from './user.ts';

/** What the umbrella's own code of one sign-in may call, and what it has done by that. */
export type Host = {
  readonly call: RulesHost;
  /** Of actions: they write by what they come to. */
  readonly callOfActions: HostCall;
  /** What rules find as `auth0`. */
  readonly auth0: RunRules['auth0'];
  /** Was the customer written to? Then they are to be read anew. */
  hasWritten(): boolean;
  noteWriting(): void;
};

/** Opens it for one sign-in; it goes on answering after the sign-in did, as long as the code itself lives. */
export async function openHost(base: Base, occasion: Occasion): Promise<Host> {
  const { customer, subject, visit, kept } = occasion;
  const only = (await reachesEverybody(base)) ? undefined : customer.id;
  const access = openOwnAccess(base, { origin: 'rules', only, ip: visit.ip });
  let written = false;
  const http = createHttpCall({
    outgoing: base.outgoing,
    async inProcess(request, signal) {
      const answered = await access.answer(request, signal);
      written ||= answered !== undefined && request.method !== 'GET';
      return answered;
    },
  });

  async function metadata(place: 'user_metadata' | 'app_metadata', argument: unknown, origin: string) {
    written = true;
    return showAsApi(base, await updateMetadata(base, place, argument, { origin, only }));
  }

  async function furtherCall(name: string, argument: unknown, { source, ...call }: Asked): Promise<unknown> {
    const answers = source?.startsWith('library:') ? libraryCall(base, name) : undefined;
    if (!answers || source === undefined) throw noCall(name);
    demandConsent(base, { brand: visit.brand.id, kept }, source);
    written = true;
    return answers({ customer, subject, brand: visit.brand.id }, argument, { ...call, source });
  }

  async function answer(name: string, argument: unknown, call: Asked): Promise<unknown> {
    const { source = 'rules' } = call;
    switch (name) {
      case 'http':
        return http(argument, call);
      case 'update_user_metadata':
        return metadata('user_metadata', argument, source);
      case 'update_app_metadata':
        return metadata('app_metadata', argument, source);
      case 'learn':
        demandConsent(base, { brand: visit.brand.id, kept }, source);
        written = true;
        return learnFacts(base, occasion, argument, source);
      default:
        return furtherCall(name, argument, call);
    }
  }

  async function guarded(name: string, argument: unknown, call: Asked): Promise<unknown> {
    try {
      return await answer(name, argument, call);
    } catch (error) {
      if (isProblem(error)) throw error;
      // Of the inside nothing is told to code.
      base.log.error({ err: error, call: name }, 'a call of a rule went wrong');
      throw new Error('The server could not do this.');
    }
  }

  return {
    auth0: {
      domain: new URL(base.config.url).host,
      baseUrl: `${base.config.url}/api/v2`,
      accessToken: access.token,
    },
    hasWritten: () => written,
    noteWriting() {
      written = true;
    },
    call: guarded,
    async callOfActions(name, argument, call) {
      if (name !== 'http') throw noCall(name);
      return guarded(name, argument, { ...call, source: undefined });
    },
  };
}

type Asked = Parameters<RulesHost>[2];

function noCall(name: string): Problem {
  return new Problem('not_found', `There is nothing to call by the name ${name.slice(0, 50)}.`);
}
