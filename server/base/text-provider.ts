import { z } from 'zod';
import type { Base } from './base.ts';
import type { Db } from './db.ts';
import { Problem } from './errors.ts';
import { readSetting, writeSetting } from './settings.ts';
import type { TextMessage } from './text-message.ts';

/** Who carries messages of one kind: any service that takes them by one HTTP request. */
export type TextProvider = {
  readonly url: string;
  /** What it wants to see, its key above all: encrypted at rest, shown to nobody. */
  readonly headers: Readonly<Record<string, string>>;
  readonly content_type: 'application/json' | 'application/x-www-form-urlencoded';
  /** With places `{to}`, `{text}`, `{language}`, `{id}`: filled in as the content type wants it. */
  readonly body: string;
};

/** As it is set: a header without a value keeps the one that it has. */
export type TextProviderDraft = Omit<TextProvider, 'headers'> & {
  readonly headers: Readonly<Record<string, string | null>>;
};

type Ground = Pick<Base, 'db' | 'settings' | 'vault'>;
type Channel = TextMessage['channel'];

const channels = ['sms', 'voice'] as const satisfies readonly Channel[];
const context = 'settings.text_provider';
const byCode = 'text_by_code';
const stored = z.object({
  url: z.string(),
  headers: z.string(),
  content_type: z.literal(['application/json', 'application/x-www-form-urlencoded']),
  body: z.string(),
});

/** The provider of a channel, from this process's memory; none: such messages are not offered. */
export function textProvider(base: Ground, channel: Channel): Promise<TextProvider | undefined> {
  return base.settings.remember(`text_provider:${channel}`, () => readTextProvider(base, channel));
}

/** The channels that have a provider; all of them where the umbrella's own code carries messages. */
export async function textChannels(base: Ground): Promise<Channel[]> {
  if (await base.settings.remember('text_by_code', () => readSetting(base.db, byCode))) return [...channels];
  const found = await Promise.all(channels.map((channel) => textProvider(base, channel)));
  return channels.filter((_, place) => found[place] !== undefined);
}

/** Says whether the umbrella's own code carries messages. */
export function writeTextByCode(tx: Db, isCarried: boolean): Promise<void> {
  return writeSetting(tx, byCode, isCarried);
}

/** The provider of a channel as it is stored now. */
export async function readTextProvider(
  { db, vault }: Pick<Ground, 'db' | 'vault'>,
  channel: Channel,
): Promise<TextProvider | undefined> {
  const found = stored.safeParse(await readSetting(db, `${channel}_provider`));
  if (!found.success) return undefined;
  const headers = z.record(z.string(), z.string()).parse(JSON.parse(vault.decrypt(found.data.headers, context)));
  return { ...found.data, headers };
}

/**
 * Sets the provider of a channel, or takes it away.
 *
 * @throws Problem `invalid_body` when a value is to be kept that there is none of, or that would go to another server
 */
export async function writeTextProvider(
  { settings, vault }: Pick<Ground, 'settings' | 'vault'>,
  tx: Db,
  channel: Channel,
  provider: TextProviderDraft | null,
): Promise<void> {
  const known = provider ? await readTextProvider({ db: tx, vault }, channel) : undefined;
  const headers = provider && keptHeaders(channel, provider, known);
  const sealed = provider && { ...provider, headers: vault.encrypt(JSON.stringify(headers), context) };
  await writeSetting(tx, `${channel}_provider`, sealed);
  await settings.changed(tx);
}

/** Who may change the address does not learn the carrier's key by having it sent to themselves. */
function keptHeaders(channel: Channel, draft: TextProviderDraft, known: TextProvider | undefined) {
  const isSameServer = known !== undefined && new URL(known.url).origin === new URL(draft.url).origin;
  const kept = new Map(Object.entries(isSameServer ? known.headers : {}));
  const headers: Record<string, string> = {};
  for (const [name, given] of Object.entries(draft.headers)) {
    const value = given ?? kept.get(name);
    if (value === undefined) {
      const why = known && !isSameServer ? 'it is not sent to another server' : 'none is kept';
      throw new Problem(
        'invalid_body',
        `Payload validation error: 'Type the value of ${name}: ${why}' on property ${channel}_provider.headers.`,
      );
    }
    headers[name] = value;
  }
  return headers;
}

/** Encrypts the providers' headers anew with the current key. @returns how many had an older one */
export async function rewrapTextProviders(base: Ground): Promise<number> {
  let count = 0;
  for (const channel of channels) {
    const found = stored.safeParse(await readSetting(base.db, `${channel}_provider`));
    if (!found.success || base.vault.isCurrent(found.data.headers)) continue;
    const provider = await readTextProvider(base, channel);
    if (provider) await writeTextProvider(base, base.db, channel, provider);
    count += 1;
  }
  return count;
}
