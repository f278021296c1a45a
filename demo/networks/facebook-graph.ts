import type { FastifyInstance, FastifyReply } from 'fastify';
import type { World } from './definition.ts';
import { checkCall, type GraphCall } from './facebook-call.ts';
import { sendGraphError } from './facebook-errors.ts';
import { type FieldSource, selectFields } from './facebook-fields.ts';
import { answerLikes } from './facebook-likes.ts';
import { readFields } from './fields.ts';
import type { Birthday, Person } from './people.ts';
import { tellEmail } from './told-email.ts';

/** `/me`, `/me/likes` and `/me/permissions`; the person's own id may stand in for `me`. */
export function serveGraph(app: FastifyInstance, world: World, root: string): void {
  app.get(`${root}/:node`, { config: { endpoint: 'profile' } }, async (request, reply) => {
    const call = checkCall(world, request);
    if ('message' in call) return sendGraphError(reply, call);
    const asked = readFields(request.query).fields ?? 'id,name';
    const told = selectFields(asked, userFields(world, call), call.allowed, ['id']);
    return 'message' in told ? sendGraphError(reply, told) : reply.send(told.values);
  });

  app.get(`${root}/:node/likes`, { config: { endpoint: 'likes' } }, async (request, reply) => {
    const call = checkCall(world, request);
    if ('message' in call) return sendGraphError(reply, call);
    return answerLikes(reply, call, readFields(request.query), `${world.origin()}${root}`);
  });

  app.get(`${root}/:node/permissions`, { config: { endpoint: 'permissions' } }, async (request, reply) => {
    const call = checkCall(world, request);
    return 'message' in call ? sendGraphError(reply, call) : sendPermissions(reply, call);
  });
}

function sendPermissions(reply: FastifyReply, call: GraphCall): FastifyReply {
  const rows = (names: ReadonlySet<string>, status: string) => [...names].map((permission) => ({ permission, status }));
  return reply.send({ data: [...rows(call.allowed, 'granted'), ...rows(call.declined, 'declined')] });
}

function userFields(world: World, { person }: GraphCall): Record<string, FieldSource> {
  return {
    id: { tell: () => person.id },
    name: { tell: () => person.name },
    first_name: { tell: () => person.givenName },
    last_name: { tell: () => person.familyName },
    middle_name: { tell: () => undefined },
    short_name: { tell: () => person.givenName },
    name_format: { tell: () => '{first} {last}' },
    picture: { tell: (modifiers) => tellPicture(world, person, modifiers) },
    email: {
      needs: 'email',
      tell() {
        const email = tellEmail(person, world.faults, 'profile');
        return email?.verified === true ? email.email : undefined;
      },
    },
    birthday: { needs: 'user_birthday', tell: () => formatBirthday(person.birthday) },
    gender: { needs: 'user_gender', tell: () => person.gender },
    location: { needs: 'user_location', tell: () => undefined },
  };
}

/** `MM/DD/YYYY`, `MM/DD` or `YYYY`, by what the person shares. */
export function formatBirthday(birthday: Birthday | undefined): string | undefined {
  if (!birthday) return undefined;
  const two = (value: number) => String(value).padStart(2, '0');
  const { year, month, day } = birthday;
  const parts = month !== undefined && day !== undefined ? [two(month), two(day)] : [];
  if (year !== undefined) parts.push(String(year).padStart(4, '0'));
  return parts.length > 0 ? parts.join('/') : undefined;
}

function tellPicture(world: World, person: Person, modifiers: ReadonlyMap<string, string>): unknown {
  const sizes: Record<string, number> = { small: 50, normal: 100, large: 200, square: 50 };
  const width = Number(modifiers.get('width') ?? sizes[modifiers.get('type') ?? 'square'] ?? 50);
  const url = `${world.origin()}/pictures/${person.id}.png`;
  return { data: { height: width, is_silhouette: false, url, width } };
}
