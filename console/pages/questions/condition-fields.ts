import { customerFields, type Field } from '../../ui/condition-fields.ts';
import { languages } from '../../ui/languages.ts';
import type { Attribute, BrandName } from './api.ts';

const group = 'This sign-in';
const devices = [
  { value: 'desktop', label: 'a computer' },
  { value: 'phone', label: 'a phone' },
  { value: 'tablet', label: 'a tablet' },
];

/** What the condition of a question can look at: the sign-in that is under way, and the customer. */
export function conditionFields({
  catalogue,
  brands,
  portals,
}: {
  readonly catalogue: readonly Attribute[];
  readonly brands: readonly BrandName[];
  readonly portals: readonly { readonly client_id: string; readonly name: string }[];
}): Field[] {
  const brandChoices = brands.map(({ slug, name }) => ({ value: slug, label: name }));
  const portalChoices = portals.map(({ client_id, name }) => ({ value: client_id, label: name }));
  const all: Field[] = [
    { group, attribute: 'sign_in.number', label: 'Number of sign-ins, with this one', type: 'number' },
    { group, attribute: 'sign_in.days_since_sign_up', label: 'Days since sign-up', type: 'number' },
    { group, attribute: 'sign_in.days_since_question', label: 'Days since the last question', type: 'number' },
    { group, attribute: 'sign_in.portal', label: 'Portal', type: 'text', choices: portalChoices },
    { group, attribute: 'sign_in.brand', label: 'Brand', type: 'text', choices: brandChoices },
    { group, attribute: 'sign_in.connection', label: 'Connection', type: 'text' },
    { group, attribute: 'sign_in.country', label: 'Country (two letters)', type: 'text' },
    { group, attribute: 'sign_in.language', label: 'Language', type: 'text', choices: languages },
    { group, attribute: 'sign_in.device', label: 'Device', type: 'text', choices: devices },
    { group, attribute: 'sign_in.hour', label: 'Hour of the day (0 to 23)', type: 'number' },
    { group, attribute: 'question.percentage', label: 'Customer by lot', type: 'percentage' },
    { group: 'Birthday', attribute: 'birthday.months_away', label: 'Months until the birthday', type: 'number' },
    { group: 'Birthday', attribute: 'birthday.month', label: 'Month of the birthday (1 to 12)', type: 'number' },
    ...customerFields(catalogue, { brand: brandChoices }),
  ];
  return [...new Map(all.map((field) => [field.attribute, field])).values()];
}
