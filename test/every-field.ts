// Questions that hold a field of every type there is, in English and German, and a few in every state.
const label = (en: string, de: string) => ({ en, de });
const at = (key: string) => ({ key, path: `user_metadata.${key}` });

const drinks = [
  { value: 'coffee', labels: label('Coffee', 'Kaffee') },
  { value: 'tea', labels: label('Tea', 'Tee') },
  {
    value: 'water',
    labels: label('Water from the tap, with or without bubbles', 'Leitungswasser, mit oder ohne Kohlensäure'),
  },
];

/** What is typed: on one page as many as a question can hold. */
export const typedFields = [
  { type: 'text', ...at('work'), labels: label('Where do you work?', 'Wo arbeiten Sie?'), required: true },
  {
    type: 'long_text',
    ...at('wishes'),
    labels: label('What are we missing?', 'Was fehlt bei uns?'),
    hints: label('In your own words.', 'In Ihren eigenen Worten.'),
  },
  {
    type: 'number',
    ...at('size'),
    labels: label('Your shoe size', 'Ihre Schuhgröße'),
    hints: label('European sizes, 30 to 50.', 'Europäische Größen, 30 bis 50.'),
    least: 30,
    most: 50,
  },
  { type: 'date', ...at('trip'), labels: label('When is your next trip?', 'Wann reisen Sie wieder?') },
  {
    type: 'birthday',
    ...at('day'),
    labels: label('When is your birthday?', 'Wann haben Sie Geburtstag?'),
    hints: label('The year is up to you.', 'Das Jahr nur, wenn Sie mögen.'),
    required: true,
  },
  { type: 'country', ...at('country'), labels: label('Where do you live?', 'Wo leben Sie?') },
];

/** What is chosen. */
export const chosenFields = [
  { type: 'choice', ...at('drink'), labels: label('In the morning?', 'Am Morgen?'), choices: drinks, not_for_me: true },
  {
    type: 'choices',
    ...at('drinks'),
    labels: label('And over the day?', 'Und über den Tag?'),
    hints: label('Two at most.', 'Höchstens zwei.'),
    choices: drinks,
    most: 2,
    required: true,
  },
  { type: 'yes_no', ...at('vegan'), labels: label('Do you live vegan?', 'Leben Sie vegan?') },
  {
    type: 'scale',
    ...at('mood'),
    labels: label('How likely would you tell a friend of us?', 'Würden Sie uns weiterempfehlen?'),
    from: 0,
    to: 10,
    ends: { from: label('Never', 'Nie'), to: label('Certainly', 'Sicher') },
  },
  { type: 'postal_code', ...at('zip'), labels: label('Postal code', 'Postleitzahl') },
  { type: 'phone', ...at('phone'), labels: label('Telephone at work', 'Telefon bei der Arbeit') },
];

/** Pictures of this shop, and what can be allowed. */
export function picturedFields(shop: string) {
  const picture = (name: string) => `${shop}/${name}.svg`;
  return [
    {
      type: 'picture_choice',
      ...at('shelf'),
      labels: label('Which shelf do you look at first?', 'In welches Regal sehen Sie zuerst?'),
      several: true,
      not_for_me: true,
      required: true,
      choices: [
        { value: 'fragrance', labels: label('Fragrance', 'Duft'), picture: picture('logo') },
        { value: 'hair care', labels: label('Hair care', 'Haarpflege'), picture: picture('icon') },
        { value: 'other', labels: label('Something else', 'Etwas anderes') },
      ],
    },
    { type: 'email', ...at('office'), labels: label('Your address at work', 'Ihre Adresse bei der Arbeit') },
    { type: 'consent', key: 'know', purpose: 'referral' },
    {
      type: 'topics',
      key: 'news',
      purpose: 'sms',
      topics: ['deals', 'parcels'],
      labels: label('By text message', 'Per SMS'),
    },
  ];
}
