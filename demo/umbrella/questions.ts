// What Lumière asks its customers once they have come a few times.
import { questionDraft } from '../../contract/questions.ts';
import type { Base } from '../../server/base/base.ts';
import { now } from '../../server/base/clock.ts';
import { brandBySlug } from '../../server/features/brands/brands.ts';
import { customerField, lastSignIn } from '../../server/features/customers/customers.ts';
import { countQuestions, createQuestion } from '../../server/features/questions/questions.ts';

const notForAll = { attribute: 'sign_in.number', is: 'at_least' } as const;

function interest(shop: string) {
  return {
    key: 'pictures',
    heading: {
      en: 'Fragrance or hair care?',
      de: 'Duft oder Haarpflege?',
      es: '¿Perfume o cuidado del cabello?',
      fr: 'Parfum ou soin des cheveux ?',
    },
    benefit: {
      en: 'We put first what you are here for.',
      de: 'Was Sie suchen, steht dann vorn.',
      es: 'Así verás primero lo que te interesa.',
      fr: 'Nous mettrons en avant ce que vous cherchez.',
    },
    fields: [
      {
        type: 'picture_choice',
        key: 'interest',
        path: 'user_metadata.interest',
        not_for_me: true,
        labels: {
          en: 'What do you like to look at most?',
          de: 'Was sehen Sie sich am liebsten an?',
          es: '¿Qué te gusta mirar más?',
          fr: 'Que regardez-vous le plus volontiers ?',
        },
        choices: [
          {
            value: 'fragrance',
            labels: { en: 'Fragrance', de: 'Duft', es: 'Perfume', fr: 'Parfum' },
            picture: `${shop}/pictures/fragrance.svg`,
          },
          {
            value: 'hair care',
            labels: { en: 'Hair care', de: 'Haarpflege', es: 'Cuidado del cabello', fr: 'Soin des cheveux' },
            picture: `${shop}/pictures/hair-care.svg`,
          },
        ],
      },
    ],
  };
}

const deals = {
  key: 'topics',
  heading: {
    en: 'Which deals would you like to see?',
    de: 'Welche Angebote möchten Sie sehen?',
    es: '¿Qué ofertas te gustaría ver?',
    fr: 'Quelles offres aimeriez-vous voir ?',
  },
  benefit: {
    en: 'Only what you choose is mailed, and you can take it back at any time.',
    de: 'Nur was Sie wählen, kommt per E-Mail, und Sie können es jederzeit zurücknehmen.',
    es: 'Solo enviamos lo que elijas, y puedes retirarlo cuando quieras.',
    fr: 'Seul ce que vous choisissez est envoyé, et vous pouvez le retirer à tout moment.',
  },
  fields: [
    {
      type: 'topics',
      key: 'deals',
      purpose: 'email',
      topics: ['fragrance deals', 'hair care deals'],
      labels: { en: 'By mail', de: 'Per E-Mail', es: 'Por correo', fr: 'Par e-mail' },
    },
  ],
};

const birthday = {
  key: 'day',
  heading: {
    en: 'When is your birthday?',
    de: 'Wann haben Sie Geburtstag?',
    es: '¿Cuándo es tu cumpleaños?',
    fr: 'Quand est votre anniversaire ?',
  },
  benefit: {
    en: 'A little something waits for you on the day.',
    de: 'An dem Tag wartet eine Kleinigkeit auf Sie.',
    es: 'Ese día te espera un detalle.',
    fr: 'Ce jour-là, une petite attention vous attend.',
  },
  fields: [
    {
      type: 'birthday',
      key: 'birthday',
      path: 'birthdate',
      labels: { en: 'Your birthday', de: 'Ihr Geburtstag', es: 'Tu cumpleaños', fr: 'Votre anniversaire' },
    },
  ],
};

/**
 * Lets Lumière ask at the third sign-in, some time later which deals it may mail, and then for the birthday of those whose
 * network did not tell it; unless there are questions.
 */
export async function askQuestions(base: Base, shop: string): Promise<void> {
  const brand = await brandBySlug(base.db, 'lumiere');
  if (!brand || (await countQuestions(base.db)) > 0) return;
  const drafts = [
    { name: 'Fragrance or hair care', content: { variants: [interest(shop)], when: { ...notForAll, value: 3 } } },
    { name: 'Deals by mail', content: { variants: [deals], when: { ...notForAll, value: 4 } } },
    { name: 'Birthday', content: { variants: [birthday], when: { ...notForAll, value: 5 } } },
  ];
  for (const draft of drafts) {
    const read = questionDraft.parse({ ...draft, brand: brand.id, state: 'live' });
    await createQuestion(base, read, (attribute) => customerField(attribute, now(), lastSignIn(null)));
  }
  await base.settings.refresh();
}
