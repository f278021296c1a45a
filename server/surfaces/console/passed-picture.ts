import type { FastifyInstance } from 'fastify';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { sendPicture } from '../../base/pictures/send-picture.ts';
import { passedPath, readPassed } from './passed-address.ts';

/**
 * Passes on a picture that a preview in the console shows, made anew. So the other site learns of no browser; and only
 * addresses that this server made are good, for some minutes, so that it fetches nothing for others.
 */
export function registerPassedPicture(app: FastifyInstance, base: Pick<Base, 'pictures' | 'vault'>): void {
  app.get(passedPath, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const asked = readPassed(base, request.query);
    const kind = asked?.scheme === 'dark' ? 'preview-dark' : 'preview';
    const picture = asked && (await base.pictures.read(asked.address, kind));
    if (!picture) throw new Problem('no_picture');
    return sendPicture(request, reply, picture, 'private, max-age=300');
  });
}
