import { buttonOf } from '../../features/connections/connections.ts';
import type { Attempt } from './flow-state.ts';
import type { PageVisit } from './page-visit.ts';
import { offerOf } from './portal-connections.ts';

const sentences: Readonly<Record<string, string>> = {
  access_denied: 'conflict.not_this',
  network_failed: 'problem.network_failed',
  network_refused: 'problem.network_refused',
};

/** The page to come back to when a network led nowhere, with what it is to say. */
export function returnAddress(purpose: Attempt['purpose'], problem: string, connection: string): string {
  const query = new URLSearchParams({ stay: '', problem, network: connection });
  return `${purpose === 'conflict' ? 'conflict' : 'login'}?${query}`;
}

/** What to say when a network sent the customer back and it led nowhere: `?problem=<code>&network=<connection>`. */
export async function problemOnReturn({ base, request, visit, say }: PageVisit): Promise<string | undefined> {
  if (!request.url.includes('?')) return undefined;
  const query = new URL(request.url, 'http://here').searchParams;
  const key = sentences[query.get('problem') ?? ''];
  const { networks } = await offerOf(base, visit.portal);
  const network = networks.find(({ name }) => name === query.get('network'));
  return key && network ? say(key, { network: buttonOf(network).label }) : undefined;
}
