import type { z } from 'zod';
import type { Language } from '../../../contract/brands.ts';
import type { Json, JsonObject } from '../../base/json.ts';

/** What each library rule finds as its first argument; what it changes here is seen by later rules, and not kept. */
export type RuleUser = JsonObject & {
  user_id: string;
  email?: string;
  user_metadata?: JsonObject;
  app_metadata?: JsonObject;
};

/** What each library rule finds as its second argument: Auth0's names and ours. */
export type RuleContext = JsonObject & {
  idToken: JsonObject;
  accessToken: JsonObject;
  stats?: { loginsCount: number };
  /**
   * False at a silent sign-in (`prompt=none`) and a refresh: nobody has come, and `stats.loginsCount` is still that of the
   * last time that somebody did.
   */
  counts?: boolean;
  request?: JsonObject;
};

/** Called once; a second call is not heard. */
export type RuleCallback = (error?: Error | null, user?: RuleUser, context?: RuleContext) => void;

/** What a library rule learned: facts of this customer, whose source is the rule. */
export type LearnedFact = {
  /** A root attribute, or one level inside `user_metadata` or `app_metadata`. */
  readonly path: string;
  readonly value: JsonObject[string];
  /** 0 to 1, where 1 is certain. */
  readonly confidence?: number;
};

/**
 * What stands as `regulars` in the scope of a library rule, and of no other:
 * `declare const regulars: RegularsForRules;` in its file.
 */
export type RegularsForRules = {
  learn(facts: readonly LearnedFact[]): Promise<void>;
  /** Any other call that the journey answers (`area_income`, `enrichment_...`); rejects with its refusal. */
  call(name: string, argument: JsonObject): Promise<JsonObject[string]>;
};

/** What stands as `auth0` in the scope of every rule: `declare const auth0: Auth0ForRules;`. */
export type Auth0ForRules = {
  readonly users: {
    updateUserMetadata(userId: string, patch: JsonObject): Promise<JsonObject>;
    updateAppMetadata(userId: string, patch: JsonObject): Promise<JsonObject>;
  };
  readonly accessToken: string;
  readonly domain: string;
  readonly baseUrl: string;
};

/** The purposes of consents that rules may need. */
export type RulePurpose = 'profiling' | 'enrichment' | 'email' | 'sms';

/** In each language of customers' pages. */
type Words = Readonly<Record<Language, string>>;

/** A value that a library rule keeps among the umbrella's own, as its customer reads it. */
export type ToldValue = {
  /** One level inside `app_metadata`; what it learns elsewhere is the customer's like any other. */
  readonly path: `app_metadata.${string}`;
  readonly labels: Words;
  /** Of a value that names a country by its code. */
  readonly type?: 'country';
  /** What the value, or each in a list, may be, with what it is called. */
  readonly choices?: { readonly value: string; readonly labels: Words }[];
  /** Where the value as it is kept is nothing that people read; undefined for what it does not know. `zone` is the reader's. */
  readonly inWords?: (value: Json, language: Language, zone: string) => string | undefined;
};

/** What a library rule keeps of customers, for their own pages. */
export type LibraryTelling = {
  /** From what it is worked out, to follow on "We worked it out": "from your birthday". Null: the rule's service tells it. */
  readonly from: Words | null;
  readonly values: readonly ToldValue[];
};

/**
 * A ready rule, switched on by filling in a form. It is handed in by the top (`rules-library/`): the feature knows none.
 *
 * @example
 * export const welcomeMark: LibraryRule = {
 *   id: 'welcome-mark',
 *   name: 'Welcome mark',
 *   card: { does: 'Marks ...', why: 'So that ...', needs: 'Nothing.', consentWhy: 'It keeps nothing.' },
 *   needsConsent: null,
 *   callsOutside: false,
 *   settings: z.strictObject({
 *     claim: z.string().max(200).default('https://example.com/is_new').meta({ title: 'Claim', description: '...' }),
 *   }),
 *   onFailure: 'go_on',
 *   deadlineMs: 2000,
 *   run(user, context, callback) { ... callback(null, user, context); },
 * };
 */
export type LibraryRule = {
  /** In kebab-case; never changes, since rows and sources of facts (`library:<id>`) name it. */
  readonly id: string;
  readonly name: string;
  /** One or two sentences each, for a marketer. */
  readonly card: {
    readonly does: string;
    readonly why: string;
    readonly needs: string;
    /** Why it needs the consent that it does, or none. */
    readonly consentWhy: string;
  };
  /** Without this consent of the customer, at the brand or to the umbrella, it is not run. */
  readonly needsConsent: RulePurpose | null;
  /** A yes to one topic of the purpose, as to a network's likes, is enough; else the yes is to be to all of it. */
  readonly topicIsEnough?: boolean;
  /** Does it call servers of others? */
  readonly callsOutside: boolean;
  /**
   * What the form asks for; the rule finds it as `configuration`. Each property has `.meta({ title, description })`, the
   * label and a line of help; those with `.meta({ secret: true })` are sealed at rest and never shown again. `.meta({ outside:
   * true })`: the address of a server that is sent what stands in it, if only by browsers; secret ones go where it leads.
   */
  readonly settings: z.ZodObject;
  /** What happens to the sign-in if it fails or is late, unless the umbrella says otherwise. */
  readonly onFailure: 'refuse' | 'go_on';
  readonly deadlineMs: number;
  /** What it keeps in `app_metadata`: without a line here no customer sees it. */
  readonly tells?: LibraryTelling;
  /**
   * Its text is the script: plain JavaScript once types are stripped, so it uses nothing of its file. In its scope
   * stand `configuration` (the settings), `auth0`, `regulars`, `UnauthorizedError`, `console`, `global`, `require`
   * and what Node has. May be async.
   */
  readonly run: (user: RuleUser, context: RuleContext, callback: RuleCallback) => void | Promise<void>;
};

/** Every library rule there is. */
export type LibraryRules = readonly LibraryRule[];
