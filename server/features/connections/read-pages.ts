import type { Json } from '../../base/json.ts';
import type { Like } from './network.ts';
import { at, listAt, textAt } from './told-json.ts';

const most = { likes: 2000, pages: 25, ms: 8000 };

/**
 * Reads liked pages from the Graph API to the end, by cursor: 2,000 likes, 25 calls or 8 s at most. The addresses in
 * `paging` are not followed: they carry the token, and they are the network's word for where to send it.
 *
 * @param call one page of `/me/likes`
 * @returns what was read and whether that is all; rejects if not even the first page could be read
 */
export async function readPages(
  call: (query: Record<string, string>) => Promise<Json>,
): Promise<{ pages: Like[]; complete: boolean }> {
  const until = performance.now() + most.ms;
  const pages = new Map<string, Like>();
  let after: string | undefined;
  for (let calls = 0; calls < most.pages && performance.now() < until; calls += 1) {
    const query = { fields: 'id,name,category', limit: '100', ...(after !== undefined && { after }) };
    let answer: Json;
    try {
      answer = await inTime(call(query), until - performance.now());
    } catch (error) {
      if (calls === 0) throw error;
      break;
    }
    for (const like of listAt(answer, 'data').map(toLike)) {
      if (like && pages.size < most.likes) pages.set(like.id, like);
    }
    const next = textAt(answer, 'paging.cursors.after');
    if (at(answer, 'paging.next') === undefined || next === undefined)
      return { pages: [...pages.values()], complete: true };
    if (next === after || pages.size >= most.likes) break;
    after = next;
  }
  return { pages: [...pages.values()], complete: false };
}

function toLike(told: Json): Like | undefined {
  const [id, name, category] = ['id', 'name', 'category'].map((field) => clean(textAt(told, field)));
  if (!id || !name || id.length > 64) return undefined;
  return { id, name, ...(category && { category }) };
}

function clean(text: string | undefined): string | undefined {
  return text
    ?.toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('out of time')), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
