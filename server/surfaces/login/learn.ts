import { createHash } from 'node:crypto';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import {
  buttonOf,
  connectionByName,
  isNetwork,
  learnedProfile,
  type NetworkConnection,
  sealTokens,
} from '../../features/connections/connections.ts';
import type { ConsentDraft } from '../../features/consents/consents.ts';
import type { FactDraft } from '../../features/customers/customers.ts';
import { dressOf } from './brand-style.ts';
import type { Found } from './found.ts';
import type { Told } from './newcomer.ts';
import type { Proven } from './proven.ts';
import { pages } from './texts.ts';
import type { Visit } from './visit.ts';

/** What this sign-in tells, ready to be written in step 7. */
export type Learned = {
  readonly facts: readonly FactDraft[];
  /** An address that the network's word proves. */
  readonly proof?: { readonly address: string; readonly origin: string } | undefined;
  readonly consent?: Omit<ConsentDraft, 'subject'> | undefined;
  /** For the identity: the raw profile, and the network's tokens, encrypted. */
  readonly profileData?: Told['answer']['profileData'] | undefined;
  readonly sealedTokens?: string | undefined;
};

/** Step 4: what the network tells, as facts with their source. Nothing is written yet. */
export async function learn(base: Base, visit: Visit, { told }: Proven, found: Found): Promise<Learned> {
  if (!told) return { facts: [] };
  const connection = await connectionByName(base, told.connection);
  if (!connection || !isNetwork(connection)) throw new Problem('network_failed');
  const { answer, likes } = told;
  const said = { source: 'network', origin: connection.name, at: visit.at } as const;
  const facts: FactDraft[] = learnedProfile(connection, answer, found.kind !== 'known').map(({ path, value }) => ({
    ...said,
    path,
    value,
  }));
  // Likes are there only after a yes; a no takes away what an earlier yes brought.
  if (answer.likes) facts.push({ ...said, path: 'likes', value: answer.likes });
  else if (likes === false && found.kind === 'known' && 'likes' in found.customer.attributes) {
    facts.push({ ...said, path: 'likes', value: [] });
  }
  return {
    facts,
    proof: answer.email?.proves ? { address: answer.email.address, origin: connection.name } : undefined,
    consent: likes === undefined ? undefined : consentTo(likes, connection, visit),
    profileData: answer.profileData,
    sealedTokens: sealTokens(base.vault, answer.tokens),
  };
}

/** The answer to the question on the page before leaving, with the words that were shown there. */
function consentTo(given: boolean, connection: NetworkConnection, visit: Visit): Omit<ConsentDraft, 'subject'> {
  const { brand, language, ip, at } = visit;
  const names = { brand: brand.name, network: buttonOf(connection).label };
  const wording = pages.say('connect.likes', language, dressOf(brand), names);
  const version = createHash('sha256').update(wording).digest('hex').slice(0, 12);
  const asked = { purpose: 'enrichment', topic: connection.name, version, wording, language } as const;
  return { ...asked, brand: brand.id, given, source: 'connect', ip, at };
}
