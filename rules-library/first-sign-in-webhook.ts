import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Source } from '../server/features/enrichment/enrichment.ts';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';
import { deliveryAnswer } from './delivery-answer.ts';

const settings = z.strictObject({
  address: z
    .url({ protocol: /^https?$/ })
    .meta({ title: 'Address', description: 'Where the news is posted to, as JSON.', outside: true }),
  secret: z.string().trim().min(16, 'It has at least 16 characters.').max(500).meta({
    title: 'Secret',
    description:
      'Signs the body: `x-regulars-signature: sha256=` and the HMAC of it in hex. Your server refuses what is not signed with it. At least 16 characters.',
    secret: true,
  }),
  fields: z
    .array(z.literal(['email', 'name', 'given_name', 'family_name', 'locale', 'zoneinfo', 'picture', 'phone_number']))
    .max(20)
    .default(['email', 'name', 'locale'])
    .meta({ title: 'What is told', description: 'Beside the user_id, the brand, the portal and the connection.' }),
});
type Settings = z.infer<typeof settings>;

declare const configuration: Settings;
declare const regulars: RegularsForRules;

export const firstSignInWebhook: LibraryRule = {
  id: 'first-sign-in-webhook',
  name: 'Webhook on the first sign-in',
  card: {
    does: 'Tells a server of yours when somebody signs in for the first time, once for each customer.',
    why: 'So that the shop, the newsletter or the chat of your team learns of a newcomer at once.',
    needs:
      'A server that takes a signed POST. The sign-in does not wait for it; what fails is tried again for some hours.',
    consentWhy: 'A system of yours is told what you know already. If it is not yours, ask before.',
  },
  needsConsent: null,
  callsOutside: true,
  settings,
  onFailure: 'go_on',
  deadlineMs: 1000,
  async run(user, context, callback) {
    if (context.stats?.loginsCount === 1 && context.counts !== false) {
      const { brand } = context;
      const told = configuration.fields.map((field) => [field, user[field]]).filter(([, value]) => value !== undefined);
      await regulars.call('enrichment_ask', {
        event: 'first_sign_in',
        at: new Date().toISOString(),
        user: { user_id: user.user_id, ...Object.fromEntries(told) },
        brand: brand ?? null,
        portal: context.clientID ?? null,
        connection: context.connection ?? null,
      });
    }
    callback(null, user, context);
  },
};

/** A server of the umbrella's that is told of newcomers. */
export const firstSignInWebhookSource: Source<Settings> = {
  id: firstSignInWebhook.id,
  name: 'Webhook on the first sign-in',
  kind: 'told',
  settings,
  request({ address, secret }, question) {
    const body = JSON.stringify(question);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-regulars-signature': `sha256=${signature}` };
    return { method: 'POST', url: address, headers, body };
  },
  read: (_settings, { status }) => deliveryAnswer(status),
  again: () => ({ hitDays: null, missDays: null, leastHours: null }),
  patienceMs: 50,
};
