/**
 * The one form in which a phone number is stored and compared: E.164, `+491701234567`. Spaces, dots, dashes, slashes
 * and brackets are left out; a number without country is none, for we cannot know where it is.
 */
export function normalisePhone(text: string): string | undefined {
  if (text.length > 100) return undefined;
  const number = text
    .normalize('NFKC')
    .replace(/[\s().\-/\u2010-\u2015]/g, '')
    .replace(/^00/, '+');
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined;
}
