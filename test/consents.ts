// Consents in the catalogue of a test's brand, with a version in force.
import type { ConsentPatch, ConsentPurpose, WordingTexts } from '../contract/consents.ts';
import type { Base } from '../server/base/base.ts';
import { createEntry, draftWording, publishWording } from '../server/features/consents/consents.ts';

type Ground = Pick<Base, 'db' | 'settings'>;

export type AskedConsent = ConsentPatch & {
  brand: string | null;
  purpose: ConsentPurpose;
  topic?: string | null;
  texts: WordingTexts;
};

/** Puts a consent into the catalogue and publishes its words; gives its id. */
export async function askFor(base: Ground, { texts, brand, purpose, topic = null, ...settings }: AskedConsent) {
  const { id } = await createEntry(base, { brand, purpose, topic, ...settings });
  await publishNew(base, id, texts);
  return id;
}

/** Publishes another version; gives its name. */
export async function publishNew(base: Ground, id: string, texts: WordingTexts): Promise<string> {
  const { version } = await draftWording(base, id, { texts });
  await publishWording(base, id, version);
  await base.settings.refresh();
  return version;
}
