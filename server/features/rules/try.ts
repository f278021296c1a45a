import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import { isJsonObject, type Json, type JsonObject, parsedObject } from '../../base/json.ts';
import { linesByScript, type ScriptError } from '../../base/sandbox/marked-lines.ts';
import type { ConsoleLine } from '../../base/sandbox/messages.ts';
import { checkScript } from './check-script.ts';
import { type PipelineRule, preparePipeline } from './pipeline.ts';
import { type RulesHost, runPipeline } from './run-pipeline.ts';
import { readRunning } from './running.ts';

/** What came of a script that was tried. */
export type Tried = {
  readonly user: JsonObject;
  readonly context: JsonObject;
  readonly error: ScriptError | null;
  readonly console: readonly { readonly level: ConsoleLine['level']; readonly line: string }[];
  /** What it called, in order. */
  readonly calls: readonly JsonObject[];
  /** Of the script itself, without what was made ready for it. */
  readonly durationMs: number;
};

const tried: PipelineRule = {
  ...{ id: 'tried', name: 'tried', source: 'rule:tried', isLibrary: false, onFailure: 'refuse', deadlineMs: null },
};
const update = z.object({ user_id: z.string().max(600), patch: parsedObject });
/** What is told of the answer: its status, or why it was refused. */
const answered = z.object({
  status: z.number().optional(),
  refused: z.object({ code: z.string(), message: z.string() }).optional(),
});
const request = z.looseObject({ method: z.string(), url: z.string() });
/** Characters that are told of all calls together, and of one address. */
const [mostOfCalls, mostOfAddress] = [2 ** 19, 2000];

/**
 * Runs one script once, and keeps nothing: HTTP goes out as it does at a sign-in, but metadata is only told. What
 * stands as `auth0.accessToken` opens nothing.
 *
 * @param http answers its HTTP requests
 * @throws Problem `invalid_body` where the script is wrong
 */
export async function tryRule(
  base: Pick<Base, 'db' | 'sandbox' | 'log' | 'config'>,
  draft: {
    readonly script: string;
    readonly user: JsonObject;
    readonly context: JsonObject;
    readonly configuration: Readonly<Record<string, string>>;
  },
  http: (argument: unknown, signal: AbortSignal) => Promise<unknown>,
): Promise<Tried> {
  const { script, user, context, configuration } = draft;
  await checkScript(script);
  const { deadlineMs } = await readRunning(base.db);
  const pipeline = await preparePipeline(
    'tried rule',
    [{ rule: tried, script, configuration: JSON.stringify(configuration) }],
    deadlineMs,
  );
  // In an isolate of its own: what another's try of the same script has put into `global` is not there.
  const program = { ...pipeline.program, version: `${pipeline.program.version} ${randomId()}` };
  const calls: JsonObject[] = [];
  let left = mostOfCalls;
  const console: { level: ConsoleLine['level']; line: string }[] = [];
  const host: RulesHost = async (name, argument, { signal }) => {
    if (name !== 'http') {
      const { call, reply } = tellUpdate(name, argument, user);
      const { length } = JSON.stringify(call);
      left -= length;
      calls.push(left < 0 ? { name, left_out: `${length} characters` } : call);
      return reply;
    }
    const { method, url } = request.parse(argument);
    const call: JsonObject = { name, method: method.slice(0, 20), url: url.slice(0, mostOfAddress) };
    calls.push(call);
    const answer = await http(argument, signal);
    Object.assign(call, answered.safeParse(answer).data);
    return answer;
  };
  const { host: domain } = new URL(base.config.url);
  const { outcome, over } = await runPipeline(
    base,
    { ...pipeline, program },
    {
      ...{ input: { user, context }, host },
      auth0: { accessToken: 'opens-nothing', domain, baseUrl: `${base.config.url}/api/v2` },
      printed(lines, from) {
        console.push(...linesByScript(lines, [tried], from).map(({ level, line }) => ({ level, line })));
      },
    },
  );
  await over;
  const [{ error, ms: durationMs } = { error: undefined, ms: 0 }] = outcome.runs;
  return { user: outcome.user, context: outcome.context, error: error ?? null, console, calls, durationMs };
}

/** What would be written is told, and answered as if it were. */
function tellUpdate(name: string, argument: unknown, user: JsonObject): { call: JsonObject; reply: Json } {
  const field = name === 'update_user_metadata' ? 'user_metadata' : 'app_metadata';
  const read = update.safeParse(argument);
  if (!read.success || (name !== 'update_user_metadata' && name !== 'update_app_metadata')) {
    throw new Problem('invalid_body', `This is nothing that ${name} takes.`);
  }
  const { user_id, patch } = read.data;
  const before = user[field];
  const reply = { ...user, [field]: { ...(isJsonObject(before) ? before : {}), ...patch } };
  return { call: { name, user_id, patch }, reply };
}
