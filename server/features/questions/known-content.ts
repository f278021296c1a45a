import { questionContent } from '../../../contract/questions.ts';

// Of so many questions contents are kept.
const most = 1000;
const known = new Map<string, { readonly text: string; readonly read: ReturnType<typeof questionContent.safeParse> }>();

/**
 * The content of a question by the contract; what was read once is not read again until it is another, for any setting
 * that changes makes all questions be loaded anew.
 *
 * @param id of the question
 */
export function readContent(id: string, content: unknown): ReturnType<typeof questionContent.safeParse> {
  const text = JSON.stringify(content);
  const before = known.get(id);
  if (before?.text === text) return before.read;
  const read = questionContent.safeParse(content);
  if (known.size >= most) known.clear();
  known.set(id, { text, read });
  return read;
}
