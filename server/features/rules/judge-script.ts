import { z } from 'zod';
import { type Finding, finding } from '../../../contract/code-check.ts';
import { hardToRead, readApart } from '../../base/read-apart.ts';
import { worldFiles } from '../../base/sandbox/world.ts';
import { linesOfTexts } from '../../base/syntax-tree.ts';

/** What is said of a script from Auth0. */
export type JudgedScript = {
  readonly findings: Finding[];
  /** Keys of the values of `configuration` that it reads, in the order of the alphabet; null: any of them. */
  readonly configuration: string[] | null;
};

const mostBytes = 100 * 1024;
const reader = new URL('./read-script.ts', import.meta.url);
const scriptRead = z.object({
  isBroken: z.boolean(),
  findings: z.array(finding),
  configuration: z.array(z.string()).nullable(),
});

/**
 * Looks at a script that is brought along, without running it: whether it runs here as it is, and if not, why.
 *
 * @param reachesAll whether code may read and change everybody, or the customer who signs in alone
 * @throws Problem `busy`
 */
export async function judgeScript(script: string, reachesAll: boolean): Promise<JudgedScript> {
  const read = await readApart(scriptRead, reader, 'readScript', [script, reachesAll]);
  if (!read) return { findings: [stop(`${hardToRead}.`, 1)], configuration: [] };
  const { isBroken, configuration } = read;
  if (isBroken) return { findings: read.findings, configuration };
  const { missing, replaced } = await worldFiles({ scripts: [script] });
  const lineOf = linesOfTexts(script);
  const findings = [
    ...missing.map(({ name, message }) => stop(message, lineOf(name))),
    ...replaced.map(({ name, message }) => ({ ...stop(message, lineOf(name)), stops: false })),
  ];
  if (new TextEncoder().encode(script).length > mostBytes) {
    findings.push(stop('A script has at most 100 kB.', null));
  }
  return { findings: onePerMessage([...findings, ...read.findings]), configuration };
}

function stop(message: string, line: number | null): Finding {
  return { message, line, stops: true, waits: false };
}

/** Each once, at the first line where it holds. */
function onePerMessage(findings: readonly Finding[]): Finding[] {
  const inOrder = findings.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
  return [...Map.groupBy(inOrder, ({ message }) => message).values()].flatMap(([first]) => first ?? []);
}
