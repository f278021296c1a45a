import type { ConsentDraft, ConsentPatch, ConsentPurpose, ConsentSettings } from '../../../contract/consents.ts';
import { Refused } from '../../ui/refused.ts';
import type { Consent } from './api.ts';

/** How a consent is asked, as its form holds it. */
export type SettingsValues = Omit<ConsentSettings, 'minimum_age' | 'position'> & {
  /** Empty: whatever the age. */
  readonly minimum_age: number | string;
  readonly position: number | string;
};

export type NewValues = SettingsValues & {
  readonly purpose: ConsentPurpose;
  readonly topic: string;
  /** Id; empty: the umbrella. */
  readonly brand: string;
};

/** What the API takes for one of which nothing is said. */
export const usualSettings: SettingsValues = {
  required: false,
  at_sign_up: true,
  in_journey: true,
  double_opt_in: false,
  minimum_age: '',
  under_age: 'skip',
  unknown_age: 'ask',
  position: 0,
};

export function settingsOf(consent: Consent): SettingsValues {
  const { required, at_sign_up, in_journey, double_opt_in, minimum_age, under_age, unknown_age, position } = consent;
  const switches = { required, at_sign_up, in_journey, double_opt_in };
  return { ...switches, minimum_age: minimum_age ?? '', under_age, unknown_age, position };
}

/** Of what was changed, what the API is told. @throws Refused for what does not go together */
export function patchOf(values: SettingsValues, consent: Consent): ConsentPatch {
  const wanted = checked(values);
  const before = new Map<string, unknown>(Object.entries(consent));
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => before.get(name) !== value));
}

/** As the API takes a new one. @throws Refused for what does not go together */
export function draftOf({ purpose, topic, brand, ...settings }: NewValues): ConsentDraft {
  const about = { purpose, topic: topic.trim() || null, brand: brand || null };
  return { ...about, ...checked(settings) };
}

function checked({ minimum_age, position, ...values }: SettingsValues): ConsentSettings {
  if (values.required && values.double_opt_in) {
    throw new Refused('double_opt_in', 'What is required cannot wait for a mail: nobody could go on before the click.');
  }
  if (typeof position !== 'number')
    throw new Refused('position', 'A number is needed: 0, if the order does not matter.');
  const age = typeof minimum_age === 'number' ? minimum_age : null;
  const mayRefuse = values.required && age !== null;
  return { ...values, minimum_age: age, position, under_age: mayRefuse ? values.under_age : 'skip' };
}
