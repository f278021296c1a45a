import type { Json, JsonObject } from '../../base/json.ts';
import type { Customer } from '../customers/customers.ts';

/** What a source said of a customer, at one path of the profile. */
export type SourceFact = {
  readonly path: string;
  readonly value: Json;
  /** 0 to 1, as the source has it; 1 when left out. */
  readonly confidence?: number | undefined;
};

/** The request that asks it. */
export type SourceRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
};

/** What came back. `json`: the body, if it is JSON. */
export type SourceReply = { readonly status: number; readonly headers: Headers; readonly json: Json | undefined };

/** What a reply means. */
export type SourceAnswer =
  | { readonly status: 'hit'; readonly facts: readonly SourceFact[] }
  | { readonly status: 'miss' }
  /** It works on it: to be asked again in a minute or so. */
  | { readonly status: 'later' }
  /** It cannot be used. `pauseSeconds`: nobody is to be asked about for so long; `final`: not to be tried again. */
  | {
      readonly status: 'failed';
      readonly why: string;
      readonly pauseSeconds?: number | undefined;
      readonly final?: boolean | undefined;
    };

/** How often the same customer may be asked about. */
export type Interval = {
  /** For how many days nobody asks again after something was found; null: for ever. */
  readonly hitDays: number | null;
  /** The same after nothing was. */
  readonly missDays: number | null;
  /** After how many hours another question may be asked before that; null: never. */
  readonly leastHours: number | null;
};

/**
 * A service outside that is asked about a customer, or told of one. Its settings are those of the rule that asks, read
 * by the server: the code of rules never sees its keys.
 */
export type Source<Settings = unknown> = {
  /** That of its library rule. */
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  /** Is it asked about a customer, and finds something or not; or told of one, and takes it or not? */
  readonly kind: 'asked' | 'told';
  /** Reads the rule's settings. Throws when they are not its own. */
  readonly settings: { parse(settings: unknown): Settings };
  request(settings: Settings, question: JsonObject): SourceRequest;
  read(settings: Settings, reply: SourceReply): SourceAnswer;
  again(settings: Settings): Interval;
  /**
   * Is the question true of the customer as they are now, by what the rule looks at before it asks? One that is not any
   * more is not asked, and what is answered to it not learned. Left out: it tells of a moment, and stays true.
   */
  readonly holds?: (question: JsonObject, customer: Pick<Customer, 'email' | 'email_verified'>) => boolean;
  /**
   * Where it is told, if telling it elsewhere is another question: who has another CRM tells that one, too. Without what may
   * be secret of an address. Left out: what was asked, or told, stays so wherever its address leads by now.
   */
  place?(settings: Settings): string;
  /** How long a sign-in waits for it; what takes longer is finished afterwards. */
  readonly patienceMs: number;
};
