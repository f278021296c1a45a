import { z } from 'zod';
import type { LibraryRule } from '../server/features/rules/rules.ts';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'An hour: 08:00, 24:00');

const settings = z
  .strictObject({
    days: z
      .array(z.literal(days))
      .min(1, 'Name one day at least: with none nobody could ever sign in')
      .max(7)
      .default(['mon', 'tue', 'wed', 'thu', 'fri'])
      .meta({ title: 'Days', description: 'On which days somebody may sign in.' }),
    from: hour.default('08:00').meta({ title: 'From', description: 'From when it is open: 08:00.' }),
    to: hour.default('18:00').meta({
      title: 'To',
      description: 'From when it is closed: 18:00. Earlier than “From” means the next morning.',
    }),
    zone: z
      .string()
      .refine((name) => {
        try {
          return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
        } catch {
          return false;
        }
      }, 'This is not a time zone, such as Europe/Paris')
      .default('UTC')
      .meta({ title: 'Time zone', description: 'Whose clock it is, for example Europe/Paris.' }),
    message: z
      .string()
      .trim()
      .min(1)
      .max(300)
      .default('You cannot sign in at this hour.')
      .meta({ title: 'Message', description: 'Shown to whoever is refused.' }),
  })
  .refine(({ from, to }) => from !== to && !(from === '24:00' && to === '00:00'), {
    message: '“From” and “To” are the same hour: for all day write 00:00 and 24:00',
    path: ['to'],
  });

declare const configuration: z.infer<typeof settings>;
declare const UnauthorizedError: new (message: string) => Error;

export const openingHours: LibraryRule = {
  id: 'opening-hours',
  name: 'Allow by the hour',
  card: {
    does: 'Refuses sign-ins outside of the days and hours that you name, and refreshes of tokens: at closing time apps end, too.',
    why: 'So that a till or a portal of partners is open when people work, and closed when nobody looks.',
    needs: 'Nothing.',
    consentWhy: 'It looks at the clock alone.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  onFailure: 'refuse',
  deadlineMs: 500,
  run(user, context, callback) {
    const { days: open, from, to, zone, message } = configuration;
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const parts = Object.fromEntries(format.formatToParts(new Date()).map(({ type, value }) => [type, value]));
    const order = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    const today = order.indexOf(String(parts.weekday).toLowerCase());
    const at = `${parts.hour}:${parts.minute}`;
    const isOpenOn = (day: number) => open.some((one) => one === order[(day + 7) % 7]);
    const isOpen =
      from < to
        ? isOpenOn(today) && at >= from && at < to
        : (isOpenOn(today) && at >= from) || (isOpenOn(today - 1) && at < to);
    callback(isOpen ? null : new UnauthorizedError(message), user, context);
  },
};
