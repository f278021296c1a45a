import type { FastifyReply, FastifyRequest } from 'fastify';
import { Picture } from './picture.ts';

/**
 * Answers a picture, or that the browser's own is still the one (304). Opened as a page it would be one in which nothing
 * runs.
 *
 * @param caching `private, no-cache`: asked for anew each time, so that who may no more see it does not
 */
export function sendPicture(request: FastifyRequest, reply: FastifyReply, { bytes, tag }: Picture, caching: string) {
  reply.headers({
    'cache-control': caching,
    'content-security-policy': "default-src 'none'; sandbox",
    'referrer-policy': 'no-referrer',
    etag: tag,
  });
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known?.includes(tag)) return reply.code(304).send();
  return reply.type(Picture.type).send(bytes);
}
