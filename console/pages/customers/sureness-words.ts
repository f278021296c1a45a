import type { ApiFact } from '../../../contract/customers.ts';

const low = 0.5;

/** "only 20% sure", "95% sure"; undefined for what is certain, and for what customers said themselves. */
export function sureness({ source, confidence }: Pick<ApiFact, 'source' | 'confidence'>): string | undefined {
  if (source === 'customer' || source === 'asked' || confidence >= 1) return undefined;
  // What is not certain is no 100%, and what was told at all is no 0%.
  const percent = Math.min(99, Math.max(1, Math.round(confidence * 100)));
  return `${confidence < low ? 'only ' : ''}${percent}% sure`;
}
