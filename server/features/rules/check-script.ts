import { z } from 'zod';
import { Problem } from '../../base/errors.ts';
import { hardToRead, readApart } from '../../base/read-apart.ts';

const reader = new URL('./syntax.ts', import.meta.url);
const faultFound = z.object({ message: z.string(), line: z.number(), column: z.number() }).nullable();

/** @throws Problem `invalid_body` that says where the script is wrong, or that it is too hard to read; `busy` */
export async function checkScript(script: string): Promise<void> {
  const found = await readApart(faultFound, reader, 'findSyntaxFault', [script]);
  const fault = found === undefined ? { message: hardToRead, line: 1, column: 1 } : found;
  if (!fault) return;
  const { message, line, column } = fault;
  throw new Problem(
    'invalid_body',
    `Payload validation error: '${message} (line ${line}, column ${column})' on property script.`,
  );
}
