import type { FastifyInstance, FastifyReply } from 'fastify';
import { readBearer } from './bearer.ts';
import type { World } from './definition.ts';
import { readFields } from './fields.ts';
import type { Person } from './people.ts';

const birthdayScope = 'https://www.googleapis.com/auth/user.birthday.read';
const genderScope = 'https://www.googleapis.com/auth/user.gender.read';
const knownFields = ['birthdays', 'genders', 'names', 'photos', 'emailAddresses', 'locales', 'metadata'];

/** Google's People API, as far as `people/me` with birthdays and genders goes. */
export function servePeopleApi(app: FastifyInstance, world: World): void {
  app.get('/v1/people/me', { config: { endpoint: 'people' } }, async (request, reply) => {
    const grant = world.grants.readToken('access', readBearer(request));
    if (!grant || grant === 'expired') {
      reply.header('www-authenticate', 'Bearer realm="https://accounts.google.com/", error="invalid_token"');
      return refuse(reply, 401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    }
    const scopes = new Set(grant.scopes);
    if (![birthdayScope, genderScope, 'profile'].some((scope) => scopes.has(scope))) {
      return refuse(reply, 403, 'PERMISSION_DENIED', 'Request had insufficient authentication scopes.');
    }
    const asked = readFields(request.query).personFields?.split(',') ?? [];
    const wrong = asked.filter((field) => !knownFields.includes(field));
    if (asked.length === 0) return refuse(reply, 400, 'INVALID_ARGUMENT', 'personFields mask is required.');
    if (wrong.length > 0) {
      return refuse(reply, 400, 'INVALID_ARGUMENT', `Invalid personFields mask path: "${wrong.join(',')}".`);
    }
    const person = world.people.find(grant.personId);
    if (!person) return refuse(reply, 404, 'NOT_FOUND', 'Requested entity was not found.');
    return {
      resourceName: `people/${person.id}`,
      etag: '%EgUBAi43PRoEAQIFByIMc2ltdWxhdGVk',
      ...(asked.includes('birthdays') && scopes.has(birthdayScope) ? tellBirthdays(person) : {}),
      ...(asked.includes('genders') && scopes.has(genderScope) ? tellGenders(person) : {}),
    };
  });
}

function refuse(reply: FastifyReply, code: number, status: string, message: string): FastifyReply {
  return reply.code(code).send({ error: { code, message, status } });
}

/** The profile's birthday comes first and is without the year; the account's follows with it, if Google knows it. */
function tellBirthdays(person: Person): Record<string, unknown> {
  const { year, month, day } = person.birthday ?? {};
  const source = (type: string) => ({ type, id: person.id });
  const told: unknown[] = [];
  if (month !== undefined && day !== undefined) {
    told.push({ metadata: { primary: true, source: source('PROFILE') }, date: { month, day } });
  }
  if (year !== undefined) {
    const date = { year, ...(month === undefined ? {} : { month }), ...(day === undefined ? {} : { day }) };
    told.push({ metadata: { source: source('ACCOUNT') }, date });
  }
  return told.length > 0 ? { birthdays: told } : {};
}

function tellGenders(person: Person): Record<string, unknown> {
  if (person.gender === undefined) return {};
  const formattedValue = person.gender.charAt(0).toUpperCase() + person.gender.slice(1);
  const metadata = { primary: true, source: { type: 'PROFILE', id: person.id } };
  return { genders: [{ metadata, value: person.gender, formattedValue }] };
}
