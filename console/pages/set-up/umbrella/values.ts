import { fromLines, toLines } from '../../../ui/lines.ts';
import type { Umbrella, UmbrellaPatch } from './api.ts';

type Provider = NonNullable<Umbrella['sms_provider']>;

/** A carrier of texts or calls as its form shows it. */
export type ProviderValues = {
  readonly isOn: boolean;
  readonly url: string;
  readonly content_type: Provider['content_type'];
  readonly body: string;
  /** `Name: value`, one a line; values that are kept are never shown, and stay where none is typed. */
  readonly headers: string;
};

const json = '{"to": "{to}", "text": "{text}"}';

export function valuesOf(umbrella: Umbrella) {
  const { breached_passwords: breached } = umbrella;
  return {
    mfa: umbrella.mfa,
    passkey_user_verification: umbrella.passkey_user_verification,
    erasure_days: umbrella.erasure_days,
    question_pause_days: umbrella.question_pause_days,
    breached: breached?.source ?? ('nowhere' as const),
    breached_address: breached?.source === 'address' ? breached.address : 'https://api.pwnedpasswords.com/range/',
    code_reaches: umbrella.code_reaches,
    outgoing_hosts: toLines(umbrella.outgoing_hosts),
    allowed_logout_urls: toLines(umbrella.allowed_logout_urls),
    sms_provider: providerOf(umbrella.sms_provider),
    voice_provider: providerOf(umbrella.voice_provider),
  };
}
export type UmbrellaValues = ReturnType<typeof valuesOf>;

function providerOf(provider: Umbrella['sms_provider']): ProviderValues {
  return {
    isOn: provider !== null,
    url: provider?.url ?? '',
    content_type: provider?.content_type ?? 'application/json',
    body: provider?.body ?? json,
    headers: toLines((provider?.headers ?? []).map((name) => `${name}: `)),
  };
}

/** What was changed, in the words of the API. */
export function patchOf(changes: Partial<UmbrellaValues>, values: UmbrellaValues): UmbrellaPatch {
  const { mfa, passkey_user_verification, erasure_days, outgoing_hosts, allowed_logout_urls } = changes;
  const { code_reaches, question_pause_days } = changes;
  const { sms_provider, voice_provider } = changes;
  return {
    mfa,
    passkey_user_verification,
    erasure_days,
    question_pause_days,
    code_reaches,
    ...(outgoing_hosts === undefined ? {} : { outgoing_hosts: fromLines(outgoing_hosts) }),
    ...(allowed_logout_urls === undefined ? {} : { allowed_logout_urls: fromLines(allowed_logout_urls) }),
    ...(sms_provider === undefined ? {} : { sms_provider: setProvider(sms_provider) }),
    ...(voice_provider === undefined ? {} : { voice_provider: setProvider(voice_provider) }),
    ...('breached' in changes || 'breached_address' in changes ? { breached_passwords: breachedOf(values) } : {}),
  };
}

function setProvider({ isOn, url, content_type, body, headers }: ProviderValues): UmbrellaPatch['sms_provider'] {
  if (!isOn) return null;
  const lines = fromLines(headers).map((line): [string, string | null] => {
    const at = line.indexOf(':');
    const value = at < 0 ? '' : line.slice(at + 1).trim();
    return [(at < 0 ? line : line.slice(0, at)).trim(), value === '' ? null : value];
  });
  return { url, content_type, body, headers: Object.fromEntries(lines) };
}

function breachedOf({ breached, breached_address }: UmbrellaValues): UmbrellaPatch['breached_passwords'] {
  if (breached === 'nowhere') return null;
  return breached === 'folder' ? { source: 'folder' } : { source: 'address', address: breached_address };
}

/** The API's names of what the form shows under another. */
export const aliases = { breached_passwords: 'breached_address' };
