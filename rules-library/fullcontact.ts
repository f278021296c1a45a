import { z } from 'zod';
import { handlesInWords } from '../contract/library-values.ts';
import type { Json, JsonObject } from '../server/base/json.ts';
import type { Source, SourceFact } from '../server/features/enrichment/enrichment.ts';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';
import { isProvenAddress } from './proven-address.ts';

// How sure FullContact is at least at each level, by its documentation.
const levels = { LOW: 0.6, MED: 0.8, HIGH: 0.95, MAX: 0.98 } as const;

const settings = z.strictObject({
  key: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .meta({ title: 'API key', description: 'Of your account at FullContact.', secret: true }),
  confidence: z.literal(['LOW', 'MED', 'HIGH', 'MAX']).default('HIGH').meta({
    title: 'Least confidence',
    description: 'LOW 60 %, MED 80 %, HIGH 95 %, MAX 98 %. More is known at a lower one, and more of it is wrong.',
  }),
  againAfterDays: z
    .int()
    .min(1)
    .max(3650)
    .default(180)
    .meta({ title: 'Ask again after', description: 'Days until somebody who was found is looked up again.' }),
  notFoundDays: z.int().min(30).max(3650).default(30).meta({
    title: 'After nothing was found',
    description: 'Days until somebody who was not found is looked up again.',
  }),
  address: z
    .url({ protocol: /^https?$/ })
    .default('https://api.fullcontact.com/v3/person.enrich')
    .meta({
      title: 'Address',
      description: 'Of person.enrich, version 3. Change it for a server of your own in between.',
      outside: true,
    }),
});
type Settings = z.infer<typeof settings>;

declare const regulars: RegularsForRules;

export const fullContact: LibraryRule = {
  id: 'fullcontact',
  name: 'FullContact',
  card: {
    does: 'Looks the customer up at FullContact by the e-mail address, and keeps job title, employer, place, age range and handles, each with its confidence.',
    why: 'So that you know more of a newcomer than an address, without asking.',
    needs: 'An account at FullContact, a proven e-mail address, and the consent to enrichment. Each look-up may cost.',
    consentWhy: 'A data service is asked about the customer.',
  },
  needsConsent: 'enrichment',
  callsOutside: true,
  settings,
  tells: {
    from: null,
    values: [
      {
        path: 'app_metadata.job_title',
        labels: { en: 'Job', de: 'Beruf', es: 'Profesión', fr: 'Profession' },
      },
      {
        path: 'app_metadata.employer',
        labels: { en: 'Employer', de: 'Arbeitgeber', es: 'Empresa', fr: 'Employeur' },
      },
      {
        path: 'app_metadata.place',
        labels: { en: 'Place', de: 'Ort', es: 'Lugar', fr: 'Lieu' },
      },
      {
        path: 'app_metadata.age_range',
        labels: { en: 'Age range', de: 'Altersspanne', es: 'Rango de edad', fr: 'Tranche d’âge' },
      },
      {
        path: 'app_metadata.handles',
        labels: {
          en: 'Names at networks',
          de: 'Namen bei Netzwerken',
          es: 'Nombres en redes',
          fr: 'Noms sur les réseaux',
        },
        inWords: handlesInWords,
      },
    ],
  },
  onFailure: 'go_on',
  deadlineMs: 2000,
  async run(user, context, callback) {
    // Whoever has not proven the address may have typed somebody else's.
    if (!user.email || user.email_verified !== true) return callback(null, user, context);
    const told = await regulars.call('enrichment_ask', { email: user.email });
    const facts = typeof told === 'object' && told !== null && !Array.isArray(told) ? told.facts : undefined;
    for (const fact of Array.isArray(facts) ? facts : []) {
      if (typeof fact !== 'object' || fact === null || Array.isArray(fact)) continue;
      const { path, value } = fact;
      if (typeof path !== 'string' || !path.startsWith('app_metadata.') || value === undefined) continue;
      user.app_metadata = { ...user.app_metadata, [path.slice('app_metadata.'.length)]: value };
    }
    callback(null, user, context);
  },
};

/** FullContact's person.enrich, version 3. */
export const fullContactSource: Source<Settings> = {
  id: fullContact.id,
  name: 'FullContact',
  kind: 'asked',
  settings,
  request({ key, confidence, address }, { email = '' }) {
    return {
      method: 'POST',
      url: address,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ email, confidence }),
    };
  },
  read({ confidence }, { status, headers, json }) {
    if (status === 200 && isObject(json)) return { status: 'hit', facts: factsOf(json, levels[confidence]) };
    if (status === 202) return { status: 'later' };
    if (status === 404) return { status: 'miss' };
    // 400 and 422: this address is none for it, and will not become one.
    if (status === 400 || status === 422)
      return { status: 'failed', why: `It refused the request (${status}).`, final: true };
    if (status === 401 || status === 403) {
      return {
        status: 'failed',
        why: `The API key is wrong, or its quota is used up (${status}).`,
        pauseSeconds: 3600,
      };
    }
    if (status === 429) return { status: 'failed', why: 'Too many requests (429).', pauseSeconds: secondsOf(headers) };
    return { status: 'failed', why: `It answered ${status}.` };
  },
  again: ({ againAfterDays, notFoundDays }) => ({ hitDays: againAfterDays, missDays: notFoundDays, leastHours: 24 }),
  holds: isProvenAddress,
  patienceMs: 700,
};

/** What is kept, and where: names as profiles have them, and nothing else of the answer. */
function factsOf(person: JsonObject, confidence: number): SourceFact[] {
  const handles = Object.fromEntries(
    ['twitter', 'linkedin', 'facebook']
      .map((network): [string, string | undefined] => [network, textAt(person, network)])
      .filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const told: Record<string, Json | undefined> = {
    job_title: textAt(person, 'title'),
    employer: textAt(person, 'organization'),
    place: textAt(person, 'location'),
    age_range: textAt(person, 'ageRange'),
    handles: Object.keys(handles).length > 0 ? handles : undefined,
  };
  return Object.entries(told).flatMap(([name, value]) =>
    value === undefined ? [] : [{ path: `app_metadata.${name}`, value, confidence }],
  );
}

function textAt(person: JsonObject, name: string): string | undefined {
  const value = person[name];
  if (typeof value !== 'string') return undefined;
  return (
    value
      .replace(/\p{Cc}+/gu, ' ')
      .toWellFormed()
      .trim()
      .slice(0, 300) || undefined
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Retry-After`, or FullContact's own header; a minute when it tells neither. */
function secondsOf(headers: Headers): number {
  const told = Number(headers.get('retry-after') ?? headers.get('x-rate-limit-reset') ?? 60);
  return Number.isFinite(told) && told > 0 ? Math.min(told, 86_400) : 60;
}
