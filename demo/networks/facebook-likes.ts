import type { FastifyReply } from 'fastify';
import type { GraphCall } from './facebook-call.ts';
import { sendGraphError } from './facebook-errors.ts';
import { selectFields } from './facebook-fields.ts';
import type { Fields } from './fields.ts';
import type { LikedPage } from './people.ts';

const usualLimit = 25;
const highestLimit = 100;

/**
 * One page of liked pages, by cursor ("Paginated Results"). `paging.next` carries the token but not the
 * appsecret_proof: the caller adds it anew.
 */
export function answerLikes(reply: FastifyReply, call: GraphCall, query: Fields, root: string): FastifyReply {
  const likes = call.allowed.has('user_likes') ? (call.person.likes ?? []) : [];
  const limit = query.limit === undefined ? usualLimit : Number(query.limit);
  if (!Number.isInteger(limit) || limit < 0) {
    return sendGraphError(reply, { code: 100, message: '(#100) Param limit must be a non-negative integer' });
  }
  const size = Math.min(limit, highestLimit);
  const start = startOf(likes, query, size);
  if (start === null) return sendGraphError(reply, { code: 100, message: '(#100) Invalid cursor' });
  const shown = likes.slice(start, start + size);
  const data: unknown[] = [];
  for (const page of shown) {
    const told = selectFields(query.fields ?? 'name,created_time', pageFields(page), new Set(), ['id']);
    if ('message' in told) return sendGraphError(reply, told);
    data.push(told.values);
  }
  const [first, last] = [shown.at(0), shown.at(-1)];
  if (!first || !last) return reply.send({ data: [] });
  const cursors = { before: cursorOf(first), after: cursorOf(last) };
  const link = (side: 'before' | 'after') => {
    const url = new URL(`${root}/${call.person.id}/likes`);
    url.searchParams.set('access_token', call.token);
    if (query.fields !== undefined) url.searchParams.set('fields', query.fields);
    url.searchParams.set('limit', String(limit));
    url.searchParams.set(side, cursors[side]);
    return url.href;
  };
  const paging = {
    cursors,
    ...(start + size < likes.length ? { next: link('after') } : {}),
    ...(start > 0 ? { previous: link('before') } : {}),
  };
  return reply.send({ data, paging });
}

function pageFields(page: LikedPage) {
  return {
    id: { tell: () => page.id },
    name: { tell: () => page.name },
    category: { tell: () => page.category },
    created_time: { tell: () => page.likedAt.replace(/(\.\d+)?Z$/, '+0000') },
    link: { tell: () => `https://www.facebook.com/${page.id}` },
  };
}

function startOf(likes: readonly LikedPage[], query: Fields, size: number): number | null {
  const cursor = query.after ?? query.before;
  if (cursor === undefined) return 0;
  const index = likes.findIndex((page) => cursorOf(page) === cursor);
  if (index < 0) return null;
  return query.after === undefined ? Math.max(0, index - size) : index + 1;
}

function cursorOf(page: LikedPage): string {
  return Buffer.from(page.id).toString('base64');
}
