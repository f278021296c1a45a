import type { Json, JsonObject } from '../../base/json.ts';
import type { FactorWish, Outcome, Suspended } from './outcome.ts';
import { type Ran, type RunGround, runTrigger, type SignInRun, type TriggerRun } from './run.ts';
import type { Command } from './told.ts';

/** A question that an action renders in the middle of a sign-in. */
export type Rendered = {
  /** The question's uuid. */
  readonly form: string;
  /** As the action has named it. */
  readonly id: string;
  /** What the fields begin with, by their keys; what is no field of the question is handed back. */
  readonly fields: JsonObject;
  /** Handed back, and shown to nobody. */
  readonly vars: JsonObject;
};

/** What the actions at post-login came to. */
export type PostLoginOutcome = Outcome & {
  /** Send the customer there, with `state` added; `suspended` goes on when they are back. */
  readonly redirect?: { readonly url: string; readonly suspended: Suspended } | undefined;
  /** Ask this first; `suspended` goes on with what was answered. */
  readonly prompt?: (Rendered & { readonly suspended: Suspended }) | undefined;
  /** Claims for the tokens; those that only the protocol may say are still in here. */
  readonly idToken: JsonObject;
  readonly accessToken: JsonObject;
  /** Scopes of the access token beside those that were granted, and those that it is not to have. */
  readonly addScopes: readonly string[];
  readonly removeScopes: readonly string[];
  /** By key; null takes the value away. */
  readonly userMetadata: JsonObject;
  readonly appMetadata: JsonObject;
  /** In the order in which they were asked for. */
  readonly factors: readonly FactorWish[];
  /** Addresses of ways to prove oneself that were passed at another site. */
  readonly methods: readonly string[];
  /** `user_id` of the account that an action has joined the customer to: the sign-in is to be that account's. */
  readonly primary?: string | undefined;
  /** With a refusal: what else is to end. `session_only` leaves refresh tokens alone. */
  readonly revoke?: 'refresh_token' | 'session' | 'session_only' | undefined;
};

/**
 * Runs the actions at post-login, after the rules. Nothing is written: what they came to is the caller's to do.
 *
 * - `userMetadata` and `appMetadata` are written whatever else happened, also when the sign-in is refused; once, at the
 *   end (not while `redirect` or `prompt` is there: they come again with the outcome after it)
 * - `refused`: `access_denied` with its message to the portal; `revoke` names what ends with it
 * - `redirect`: keep `suspended` in the flow, add `state` to the address, send the browser there. When it comes back to
 *   `/continue`, the event's `request` is that request, with `query` and `body`, and `resume` is what was kept. Everything
 *   that was decided before is in the outcome then
 * - `prompt`: the same with a page of our own; `event.prompt` has what was answered
 * - `idToken`, `accessToken`: through `ownClaims`, over those of rules
 * - `factors`: a second factor before the tokens
 * - `methods`: become methods of the session, `{ name: <address>, timestamp }` in later events
 *
 * @param run `event` as Auth0's reference has it, `customer` for the execution's row; see `SignInRun`
 * @returns undefined when no action is bound and nobody is back for the rest: then nothing was looked at but this process's
 *   memory
 */
export async function runPostLogin(
  base: RunGround,
  run: TriggerRun & SignInRun,
): Promise<PostLoginOutcome | undefined> {
  const ran = await runTrigger(base, 'post-login', run, run);
  if (!ran) return undefined;
  const { execution, commands, stopped, refused, runs, printed, suspended } = ran;
  const of = <Name extends Command['name']>(name: Name) => commands.filter((one) => isOf(one, name));
  const values = (list: readonly { key: string; value?: Json | undefined }[]): JsonObject => {
    const last = new Map(list.map(({ key, value }) => [key, value]));
    return Object.fromEntries([...last].flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
  };
  const scopes = commands.filter((one) => isOf(one, 'accessToken.addScope') || isOf(one, 'accessToken.removeScope'));
  const lastScopes = new Map(scopes.map(({ name, scope }) => [scope, name]));
  const scopesOf = (wanted: Command['name']) =>
    [...lastScopes].flatMap(([scope, name]) => (name === wanted ? scope : []));
  return {
    execution,
    runs,
    printed,
    refused,
    redirect: stopped?.by === 'redirect' && suspended !== undefined ? { url: stopped.url, suspended } : undefined,
    prompt: promptOf(ran),
    revoke: stopped?.by === 'denied' || stopped?.by === 'invalid' ? stopped.revoke : undefined,
    idToken: values(of('idToken.setCustomClaim')),
    accessToken: values(of('accessToken.setCustomClaim')),
    addScopes: scopesOf('accessToken.addScope'),
    removeScopes: scopesOf('accessToken.removeScope'),
    userMetadata: values(of('user.setUserMetadata')),
    appMetadata: values(of('user.setAppMetadata')),
    factors: commands.flatMap(toWish),
    methods: of('authentication.recordMethod').map(({ url }) => url),
    primary: of('authentication.setPrimaryUser').at(-1)?.userId,
  };
}

function promptOf({ stopped, suspended }: Pick<Ran, 'stopped' | 'suspended'>): PostLoginOutcome['prompt'] {
  if (stopped?.by !== 'prompt' || suspended === undefined) return undefined;
  const { form, id, fields, vars } = stopped;
  return { form, id, fields, vars, suspended };
}

function isOf<Name extends Command['name']>(command: Command, name: Name): command is Extract<Command, { name: Name }> {
  return command.name === name;
}

function toWish(command: Command): FactorWish[] {
  if (command.name === 'factor') {
    const { by, factors, choose } = command;
    return [{ by, factors, choose }];
  }
  if (command.name !== 'multifactor.enable') return [];
  const { provider, allowRememberBrowser } = command;
  return [{ by: 'enable', provider, allowRememberBrowser }];
}
