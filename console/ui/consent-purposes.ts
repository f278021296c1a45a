import type { ConsentPurpose } from '../../contract/consents.ts';

/** What customers can allow: what it is called, what a yes opens, and how it is said in a sentence: “who allow mails”. */
export const consentPurposes: readonly {
  readonly value: ConsentPurpose;
  readonly label: string;
  readonly inSentence: string;
  readonly allows: string;
}[] = [
  {
    value: 'terms',
    label: 'Terms',
    inSentence: 'the terms',
    allows: 'They accept your terms. It opens nothing by itself.',
  },
  {
    value: 'profiling',
    label: 'Profiling',
    inSentence: 'profiling',
    allows: 'Working out more from what you know: place, age band, first campaign, sensitive answers.',
  },
  {
    value: 'enrichment',
    label: 'Enrichment',
    inSentence: 'enrichment',
    allows: 'Learning of them from others: what networks know, as pages liked, and what data services answer.',
  },
  { value: 'email', label: 'Mails', inSentence: 'mails', allows: 'Messages by e-mail.' },
  { value: 'sms', label: 'Text messages', inSentence: 'text messages', allows: 'Messages to their phone.' },
  { value: 'referral', label: 'Invitations of friends', inSentence: 'invitations', allows: 'Inviting their friends.' },
];

/** A purpose by its name. */
export function purposeOf(value: string): (typeof consentPurposes)[number] | undefined {
  return consentPurposes.find((purpose) => purpose.value === value);
}

/** “Mails · skincare news”: what a consent is called. */
export function consentName({ purpose, topic }: { readonly purpose: string; readonly topic: string | null }): string {
  const label = purposeOf(purpose)?.label ?? purpose;
  return topic === null ? label : `${label} · ${topic}`;
}
