import type { Condition } from '../../../contract/conditions.ts';
import type { QuestionTexts } from '../../../contract/questions.ts';
import type { QuestionField, QuestionVariant } from './api.ts';
import type { Beginning } from './values.ts';

/** A ready question to begin with. */
export type Pattern = {
  readonly id: string;
  readonly title: string;
  /** Why one would want it. */
  readonly about: string;
  readonly beginning: Beginning;
};

const say = (en: string, de: string, es: string, fr: string): QuestionTexts => ({ en, de, es, fr });

function begin(name: string, when: Condition | null, variant: Pick<QuestionVariant, 'heading' | 'benefit' | 'fields'>) {
  return {
    name,
    brand: null,
    starts_at: null,
    ends_at: null,
    content: {
      variants: [{ key: 'a', brands: {}, ...variant }],
      place: 'page' as const,
      when,
      hold_out: 0,
      not_now: { unit: 'sign_ins' as const, steps: [1, 2, 4, 4] },
    },
  };
}

const plain = { required: false, confirm_below: null } as const;

const likes: QuestionField = {
  ...plain,
  type: 'choices',
  key: 'interests',
  path: 'user_metadata.interests',
  labels: say('I like best', 'Am liebsten mag ich', 'Lo que más me gusta', 'Ce que je préfère'),
  not_for_me: true,
  choices: [
    { value: 'new', labels: say('What is new', 'Neuheiten', 'Las novedades', 'Les nouveautés') },
    { value: 'offers', labels: say('Good offers', 'Gute Angebote', 'Las buenas ofertas', 'Les bonnes affaires') },
    { value: 'advice', labels: say('Advice', 'Beratung', 'Los consejos', 'Les conseils') },
  ],
};

const work: QuestionField = {
  ...plain,
  type: 'text',
  key: 'company',
  path: 'user_metadata.company',
  labels: say('Where do you work?', 'Wo arbeiten Sie?', '¿Dónde trabaja?', 'Où travaillez-vous ?'),
  most: 100,
};

const wish: QuestionField = {
  ...plain,
  type: 'choice',
  key: 'birthday_wish',
  path: 'user_metadata.birthday_wish',
  labels: say('I would be glad of', 'Ich freue mich über', 'Me alegraría', 'Ce qui me ferait plaisir'),
  not_for_me: true,
  choices: [
    { value: 'sample', labels: say('A sample', 'Eine Probe', 'Una muestra', 'Un échantillon') },
    { value: 'discount', labels: say('A discount', 'Einen Rabatt', 'Un descuento', 'Une remise') },
    { value: 'advice', labels: say('Advice in a store', 'Eine Beratung', 'Asesoría en tienda', 'Un conseil') },
  ],
};

const less = say(
  'We show you what you like, and less of the rest.',
  'Wir zeigen Ihnen, was Ihnen gefällt, und weniger vom Rest.',
  'Le mostramos lo que le gusta, y menos de lo demás.',
  'Nous vous montrons ce que vous aimez, et moins du reste.',
);

/** Questions that have proven themselves, as they can be begun with. */
export const patterns: readonly Pattern[] = [
  {
    id: 'third-sign-in',
    title: 'At the third sign-in',
    about: 'Who comes a third time stays: ask what they like. Earlier it is a hurdle, later it is late.',
    beginning: begin(
      'What do you like?',
      { all: [{ attribute: 'sign_in.number', is: 'at_least', value: 3 }] },
      {
        heading: say('What do you like?', 'Was mögen Sie?', '¿Qué le gusta?', 'Qu’aimez-vous ?'),
        benefit: less,
        fields: [likes],
      },
    ),
  },
  {
    id: 'week-after-sign-up',
    title: 'A week after sign-up',
    about: 'The form at the sign-up stays short, and one more thing is asked once they know you.',
    beginning: begin(
      'Where do you work?',
      { all: [{ attribute: 'sign_in.days_since_sign_up', is: 'at_least', value: 7 }] },
      {
        heading: say('One more thing', 'Noch eine Frage', 'Una pregunta más', 'Encore une question'),
        benefit: less,
        fields: [work],
      },
    ),
  },
  {
    id: 'before-the-birthday',
    title: 'Before the birthday month',
    about: 'Of those whose birthday is known, in the month before it: there is time to prepare something.',
    beginning: begin(
      'Birthday wish',
      { all: [{ attribute: 'birthday.months_away', is: 'equals', value: 1 }] },
      {
        heading: say(
          'Your birthday is near',
          'Sie haben bald Geburtstag',
          'Se acerca su cumpleaños',
          'Votre anniversaire approche',
        ),
        benefit: say(
          'Tell us what you would be glad of.',
          'Sagen Sie uns, worüber Sie sich freuen.',
          'Díganos qué le alegraría.',
          'Dites-nous ce qui vous ferait plaisir.',
        ),
        fields: [wish],
      },
    ),
  },
];

/** A question with nothing in it yet. */
export const blank: Beginning = begin('', null, {
  heading: {},
  benefit: {},
  fields: [{ ...plain, type: 'text', key: 'new', path: 'user_metadata.', labels: {}, most: 100 }],
});
