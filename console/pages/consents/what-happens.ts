import { languages } from '../../ui/languages.ts';
import type { Consent, Wording } from './api.ts';
import { languagesOf } from './texts.ts';

/** What publishing a version does, sentence by sentence: whom it is asked, and what does not change any more. */
export function onPublish(consent: Consent, { version, texts }: Wording): string[] {
  const { required, minimum_age, under_age } = consent;
  const isFirst = consent.version === null;
  const younger = under_age === 'refuse' ? 'cannot sign in' : 'is not asked';
  return [
    isFirst
      ? `Customers are asked it from now on, in the words of version ${version}.`
      : `Version ${version} takes the place of version ${consent.version}.`,
    whoIsAsked(consent),
    ...(isFirst ? [] : [required ? 'Who said no is asked again.' : 'Who said no is not asked again.']),
    ...(required ? ['Without a yes nobody goes on where it is asked.'] : []),
    ...(minimum_age === null ? [] : [`Who is younger than ${minimum_age} ${younger}.`]),
    ...(languages.every(({ value }) => texts[value])
      ? []
      : [`It is written in ${languagesOf(texts)}: who speaks another language reads one of these.`]),
    'Published words never change: whatever is to be different later is a new version.',
  ];
}

function whoIsAsked({ version, required, at_sign_up, in_journey }: Consent): string {
  const newcomers = at_sign_up ? 'Newcomers are asked at their sign-up. ' : '';
  if (version !== null) {
    return in_journey
      ? `${newcomers}Who said yes to older words is asked anew after the next sign-in, and so is who has not answered; until then the older yes goes on counting.`
      : `${newcomers}Who said yes to older words is not asked anew: that yes goes on counting.`;
  }
  if (in_journey) return `${newcomers}Everybody else is asked after their next sign-in.`;
  if (at_sign_up && required)
    return `${newcomers}Everybody else who has not answered is asked after their next sign-in.`;
  if (at_sign_up) return `${newcomers}Nobody else is asked by itself: it stands in their account.`;
  return 'Nobody is asked by itself: it stands in the account, and a question can ask it.';
}

/** What withdrawing a version does. */
export function onWithdraw({ status, version }: Wording, all: readonly Wording[]): string[] {
  const kept = 'What customers said to it stays on record. It cannot be published again.';
  if (status !== 'in_force') {
    return [
      `Version ${version} is not in force, and does not come back when the one that is in force is withdrawn.`,
      kept,
    ];
  }
  const before = all
    .filter((one) => one.status === 'superseded')
    .toSorted((a, b) => (b.published_at ?? '').localeCompare(a.published_at ?? ''))[0];
  return [
    before
      ? `Version ${before.version} is in force again, and asked of whoever did not answer that. Who was just reading version ${version} is shown the other.`
      : 'No words are in force then: nobody is asked any more until a version is published.',
    kept,
  ];
}
