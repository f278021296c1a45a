import type { About } from '../actions/actions.ts';
import type { Asked } from './asked.ts';

/** What actions that run afterwards are told of an act. */
export function actionsAbout(subject: string, { ip, userAgent, language, portal }: Asked, connection?: string): About {
  return { subject, connection, ip, userAgent, language, portal };
}
