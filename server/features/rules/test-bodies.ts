// Rules by their bodies alone, run as a pipeline that nothing else knows of.
import { setTimeout as pause } from 'node:timers/promises';
import type { Base } from '../../base/base.ts';
import { linesByScript } from '../../base/sandbox/marked-lines.ts';
import { type PipelineRule, preparePipeline } from './pipeline.ts';
import { type RulesHost, runPipeline } from './run-pipeline.ts';

export type Policy = Pick<PipelineRule, 'onFailure' | 'deadlineMs'>;
export const goOn: Policy = { onFailure: 'go_on', deadlineMs: 300 };
export const refuse: Policy = { onFailure: 'refuse', deadlineMs: null };
export const person = { user_id: 'auth0|1', email: 'ada@example.com' };
export const context = { protocol: 'oidc-basic-profile', idToken: {}, accessToken: {} };
export const refuses = 'callback(new UnauthorizedError("never"));';

export type Heard = {
  calls: number;
  printed: string[];
  /** Whose calls were, but for those by HTTP. */
  sources?: (string | undefined)[];
};

/** Runs these bodies of rules, in their order; what they call and print is added to what was heard. */
export async function runBodies(
  base: Base,
  heard: Heard,
  ...rules: readonly (readonly [body: string, policy: Policy])[]
) {
  const scripted = rules.map(([body, policy], place) => {
    const known = { id: `rul_${place}`, name: `rule ${place}`, source: `rule:rul_${place}`, isLibrary: false };
    return {
      rule: { ...known, ...policy },
      script: `function (user, context, callback) { ${body} }`,
      configuration: '{}',
    };
  });
  const host: RulesHost = async (name, argument, { source }) => {
    heard.calls += 1;
    if (name !== 'http') heard.sources?.push(source);
    const { url } = Object(argument);
    await pause(String(url).includes('slow') ? 200 : 50);
    if (name !== 'http') return {};
    if (String(url).includes('nobody')) return { refused: { code: 'EACCES', message: 'That host is not for rules.' } };
    return { status: 200, statusText: 'OK', headers: [], body: Buffer.from('{}').toString('base64') };
  };
  const auth0 = { domain: 'id.test', baseUrl: 'https://id.test/api/v2', accessToken: 'the token' };
  const pipeline = await preparePipeline('misbehaving', scripted, 10_000);
  return runPipeline(base, pipeline, {
    input: { user: person, context },
    ...{ host, auth0 },
    printed: (lines, from) => {
      heard.printed.push(...linesByScript(lines, pipeline.rules, from).map(({ by, line }) => `${by} ${line}`));
    },
  });
}
