import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Agreements } from './agreements.ts';
import type { Ask } from './ask.ts';
import type { Clients } from './clients.ts';
import type { Endpoint, Faults, Mode } from './faults.ts';
import type { Fields } from './fields.ts';
import type { Grant, Grants } from './grants.ts';
import type { People, Person } from './people.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which of a network's endpoints this route is; routes without it never misbehave. */
    endpoint?: Endpoint;
  }
}

/** One simulated network, as data: how it looks, whom it knows, what it answers. */
export interface NetworkDefinition {
  /** Short name: cookies, logs, errors. */
  name: string;
  /** As people call it. */
  title: string;
  /** Background of the page's head; white text on it must be readable (4.5:1). */
  colour: string;
  people: readonly Person[];
  /** What people read about each scope. Scopes not listed are shown as they are. */
  scopes: Readonly<Record<string, ScopeWords>>;
  /** The token and content faults that mean something here. */
  faults: readonly Mode[];
  /** The agree page offers to hide the e-mail address (Apple). */
  offersHiddenEmail?: boolean;
  /** Access covers all a person ever allowed this client, not only what was asked now (Facebook). */
  accessAddsUp?: boolean;
  /** What the request says about the pages to show. */
  prompts(ask: Ask): Prompts;
  /** The parameters that tell the client of a no; `state` is added. */
  denied(ask: Ask): Fields;
  /** The parameters beside `code` and `state` that go back with a yes. */
  granted?(grant: Grant, world: World, code: string): Fields | Promise<Fields>;
  /** Added behind the redirect address (Facebook's `#_=_`). */
  landingMark?: string;
  /** Bodies may be JSON as well as forms (GitHub). */
  takesJson?: boolean;
  /** Adds the network's own routes. */
  routes(app: FastifyInstance, world: World, front: FrontDoor): void;
}

export interface ScopeWords {
  /** Completes "will learn ...". */
  words: string;
  /** People may untick it. */
  optional?: boolean;
}

export interface Prompts {
  /** Let the person choose even with a live session. */
  choose: boolean;
  /** Ask for the yes even if it was given before. */
  consent: boolean;
  /** Ask again for what was declined before (Facebook's `rerequest`). */
  declinedAgain: boolean;
  /** No page at all: answer with these errors instead. */
  silent: { noSession: string; noConsent: string } | null;
}

/** What a running network keeps. */
export interface World {
  definition: NetworkDefinition;
  /** Without a slash at the end. Known once the network listens. */
  origin(): string;
  clients: Clients;
  people: People;
  grants: Grants;
  agreements: Agreements;
  faults: Faults;
}

/** The pages people see, from a checked request to the way back. */
export interface FrontDoor {
  receive(request: FastifyRequest, reply: FastifyReply, ask: Ask): Promise<FastifyReply>;
  /** Tells people that the app's request is wrong. */
  refuse(reply: FastifyReply, status: number, headline: string, words: string): FastifyReply;
  /** Ends the browser's session, and sends it where the client may have it sent, with the `state` that it named. */
  endSession(request: FastifyRequest, reply: FastifyReply, asked: Fields): FastifyReply;
  /** Sends parameters back to the client without any page. */
  answer(reply: FastifyReply, ask: Ask, fields: Fields): FastifyReply;
}
