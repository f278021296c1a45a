// What the command line does with tables that an operator loads.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Base } from './base/base.ts';
import { ConfigError } from './base/config.ts';
import { isProblem } from './base/errors.ts';
import { loadIncome } from './features/enrichment/enrichment.ts';

/**
 * `data income <file> [<gazetteer file>]`: replaces the table of incomes by ZIP area.
 *
 * @param progress is told how many areas were read, now and then
 */
export async function loadIncomeFiles(
  base: Pick<Base, 'db' | 'settings'>,
  { income, places }: { income: string; places?: string | undefined },
  progress: (areas: number) => void,
): Promise<string> {
  const files = { income: open(income), places: places === undefined ? undefined : open(places) };
  const { areas, withoutValue, placed } = await loadIncome(base, files, progress).catch(refused);
  return [
    `${areas} ZIP areas are known now; ${withoutValue} more are in the file without a value.`,
    placed > 0
      ? `${placed} of them can be found by a position.`
      : 'None of them can be found by a position: load the gazetteer of ZIP areas, too.',
  ].join('\n');
}

function open(path: string): { name: string; chunks: AsyncIterable<string> } {
  return { name: basename(path), chunks: chunksOf(path) };
}

/** The file is opened when it is read: what goes wrong then is told to who reads. */
async function* chunksOf(path: string): AsyncGenerator<string> {
  yield* createReadStream(path, 'utf8');
}

/** A file that is not there, or is no such table: one sentence for the operator. */
function refused(error: unknown): never {
  if (isProblem(error, 'invalid_body')) throw new ConfigError(`Nothing was changed: ${error.message}`);
  if (!(error instanceof Error) || !('syscall' in error)) throw error;
  throw new ConfigError(`Nothing was changed: the file cannot be read (${error.message}).`);
}
