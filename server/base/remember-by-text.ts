import { createHash } from 'node:crypto';

/**
 * The same as `find`, which is called once for a text. Texts themselves are not kept.
 *
 * @param most how many answers are kept; the oldest go first
 */
export function rememberByText<Answer>(
  most: number,
  find: (text: string) => Promise<Answer>,
): (text: string) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>();
  return (text) => {
    const key = createHash('sha256').update(text).digest('base64url');
    const found = known.get(key) ?? find(text);
    // The last that was asked for is the last to go.
    known.delete(key);
    known.set(key, found);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    found.catch(() => known.get(key) === found && known.delete(key));
    return found;
  };
}
