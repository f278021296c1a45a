/** What a customer can be found by; each is the attribute that decides who may find by it. */
export const searchKinds = ['name', 'email', 'phone_number', 'username'] as const;
export type SearchKind = (typeof searchKinds)[number];

/** One beginning under which a customer is found. */
export type SearchWord = { readonly kind: SearchKind; readonly word: string };

/** What the words are made of. */
export type Searched = {
  readonly name: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly email: string | null;
  readonly phone_number: string | null;
  readonly username: string | null;
};

/** Raised when the rule below changes, so that the words of all customers are made anew. */
export const foldingVersion = 1;

const mostLetters = 64;
const mostWords = 20;
// Of so many words each pair is kept, in both orders.
const mostPaired = 5;

/**
 * Every beginning under which a customer is found. Of a name each pair of its words in both orders, so that of two
 * beginnings of words the rarer one is a range of the index, and the other is looked for within it.
 */
export function searchWords(customer: Searched): SearchWord[] {
  const { name, given_name, family_name, email, phone_number, username } = customer;
  // Without a name of their own, customers are called by one of these; by them they are found anyway.
  const isOwn = name !== null && name !== email && name !== username && name !== phone_number;
  const words = wordsIn([given_name ?? '', isOwn ? name : '', family_name ?? ''].join(' '));
  const found: SearchWord[] = pairs(words).map((word) => ({ kind: 'name', word }));
  if (email !== null) found.push({ kind: 'email', word: cut(foldText(email), 320) });
  if (username !== null) found.push({ kind: 'username', word: cut(foldText(username), 128) });
  if (phone_number !== null) {
    const digits = phone_number.replace(/\D/g, '');
    const forms = new Set([digits, digits.replace(callingCode, '')]);
    for (const word of forms) found.push({ kind: 'phone_number', word });
  }
  return found.filter(({ word }) => word !== '');
}

function pairs(words: readonly string[]): string[] {
  const paired = words.slice(0, mostPaired);
  const found = paired.flatMap((first) => {
    const others = paired.filter((other) => other !== first);
    return others.length === 0 ? [first] : others.map((other) => `${first} ${other}`);
  });
  return [...found, ...words.slice(mostPaired)];
}

/** What of an index is looked through for one kind: the words from `from` to before `below`. */
export type SearchRange = {
  readonly kind: SearchKind;
  readonly from: string;
  readonly below: string;
  /** Beginning of the word that stands behind it, of a pair. */
  readonly next?: string | undefined;
  /** Beginnings of further words of the same customer and kind. */
  readonly also: readonly string[];
};

/** What may have been meant by a text that somebody types: one range of words for each kind that it can be. */
export function rangesOf(typed: string): SearchRange[] {
  const words = wordsIn(typed);
  const whole = foldText(typed).trim();
  const digits = numberIn(typed);
  const ranges: SearchRange[] = [];
  // Several groups of digits are a number and no name.
  if (digits === undefined || words.length === 1) {
    // Any pair is there in both orders, and fewer words begin with the longer one.
    const [first, next, ...also] = words.toSorted((one, other) => other.length - one.length);
    if (first !== undefined) ranges.push({ ...rangeOf('name', first), next, also });
    if (words.length <= 2 && whole !== '') ranges.push(rangeOf('username', cut(whole, 128)));
  }
  if (whole !== '' && !/\s/.test(whole)) ranges.push(rangeOf('email', cut(whole, 320)));
  if (digits !== undefined) ranges.push(rangeOf('phone_number', digits));
  return ranges;
}

/** The same search by each of its words that begins no other: they find the same, and some look through less. */
export function turnsOf(range: SearchRange): SearchRange[] {
  const { kind, from, next: second, also } = range;
  if (second === undefined) return [range];
  const words = [from, second, ...also];
  const begins = words.filter((word) => !words.some((other) => other !== word && other.startsWith(word)));
  return begins.slice(0, mostTurns).map((begin) => {
    const [next, ...others] = words.filter((word) => word !== begin);
    return { ...rangeOf(kind, begin), next, also: others };
  });
}

const mostTurns = 3;

function rangeOf(kind: SearchKind, begin: string): SearchRange {
  return { kind, from: begin, below: begin + last, also: [] };
}

/** Behind whatever begins with the same. */
const last = '\u{10ffff}';

/** The digits of what looks like a phone number, as they are stored: without `+`, `00` or the `0` of a trunk. */
function numberIn(typed: string): string | undefined {
  if (!/^[\s\d+()./\-\u2010-\u2015]+$/.test(typed)) return undefined;
  const digits = typed.replace(/\D/g, '').replace(/^0+/, '').slice(0, 15);
  return digits === '' ? undefined : digits;
}

// E.164: none of them begins another one.
const callingCode =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[7-9]\d|8[03578-9]\d|9[679]\d)/;

/** The different words of a text, folded, in their order. */
function wordsIn(text: string): string[] {
  const found = foldText(text.slice(0, 2000).replace(/['’ʼ]/g, '')).match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(found.map((word) => cut(word, mostLetters)))].slice(0, mostWords);
}

/** One spelling for all that people take for the same: without case, accents, and ligatures. */
export function foldText(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '');
  return plain.replace(/[ßæœøłđðþı]/g, (letter) => spelled[letter] ?? letter);
}

const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** So many characters at most, none of them halved. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : [...text].slice(0, most).join('');
}
