import { buttonOf, connectionByName } from '../../features/connections/connections.ts';
import type { CurrentConsent } from '../../features/consents/consents.ts';
import type { AccountVisit } from './account-visit.ts';

/**
 * In brackets, if there is one. What is learned from a network has its connection as topic: it is called as on its
 * button. Every other topic is called as it was asked for, for its own name is staff's.
 */
export async function topicInWords(
  { base }: AccountVisit,
  { purpose, topic, wording }: Pick<CurrentConsent, 'purpose' | 'topic' | 'wording'>,
): Promise<string> {
  if (topic === null) return '';
  const connection = purpose === 'enrichment' ? await connectionByName(base, topic) : undefined;
  return ` (${connection ? buttonOf(connection).label : wording.split('\n\n')[0] || topic})`;
}
