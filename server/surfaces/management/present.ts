import { isProblem, Problem } from '../../base/errors.ts';

/**
 * Two people edited one thing: the second is told, with what is there now as the API shows it (`present`).
 *
 * @param act throws Problem changed_meanwhile
 * @param read what the API shows of it now
 */
export async function toldPresent<T>(act: Promise<T>, read: () => Promise<unknown>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    if (!isProblem(error, 'changed_meanwhile')) throw error;
    throw new Problem('changed_meanwhile', undefined, { errorCode: 'changed_meanwhile', present: await read() });
  }
}
