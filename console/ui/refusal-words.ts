/** The property that a refusal of the API names. */
export function fieldIn(message: string): string | undefined {
  const [, named, missing, option, other] =
    /on property ([^\s']+?)\.?$|Missing required property: ([^\s']+)|^(options\.[\w.]+)|\(?property (\w+)\)/.exec(
      message,
    ) ?? [];
  if (/^enabled_clients /.test(message)) return 'enabled_clients';
  return named ?? missing ?? option?.replace(/\.$/, '') ?? other;
}

const plain: readonly (readonly [RegExp, string])[] = [
  [/Missing required property/, 'This is needed.'],
  [/format (url|callback-url)/, 'This is not a whole address, such as https://shop.example/callback.'],
  [/Invalid URL/, 'This is not a whole address, such as https://shop.example/callback.'],
  [/format origin/, 'This is not an origin, such as https://shop.example (no path after it).'],
  [/String is too short .*minimum 1\b/, 'This is needed.'],
  [/String is too short .*minimum (\d+)/, 'At least $1 characters.'],
  [/String is too long .*maximum (\d+)/, 'At most $1 characters.'],
  [/Value .* is less than minimum (-?\d+)/, 'At least $1.'],
  [/Value .* is greater than maximum (-?\d+)/, 'At most $1.'],
  [/must be a whole number, not null/, 'Whole numbers only.'],
  [/must be a number, not null/, 'Numbers only.'],
  [/Array is too short .*minimum (\d+)/, 'At least $1 of them.'],
  [/Array is too long .*maximum (\d+)/, 'At most $1 of them.'],
  [/Expected type string but/, 'This must be a text, in quotes.'],
  [/Expected type (?:integer|int) but/, 'Whole numbers only.'],
  [/Expected type number but/, 'Numbers only.'],
  [/Expected type boolean but/, 'This must be true or false.'],
  [/Expected type array but/, 'This must be a list, in square brackets.'],
  [/Expected type object but/, 'This must be an object: names with values, in braces.'],
  [/No enum match for: .* \(allowed: (.*)\)/, 'This must be one of: $1.'],
  [/Additional properties not allowed: (.*)'/, 'This is not known here: leave out $1.'],
  [/pattern: .*a-z0-9\]\[a-z0-9-/, 'Small letters, digits and “-”, beginning with a letter or digit.'],
  [/pattern: .*\[ \\?-a-zA-Z0-9/, 'Letters, digits, spaces and “-” between them.'],
  [/pattern: .*a-zA-Z0-9/, 'Letters, digits and “-” between them.'],
  [/pattern: .*A-Za-z0-9_\\-@/, 'Letters, digits, “_” and “-”.'],
  [/pattern: \^\[A-Z\]\{3\}/, 'Three letters, such as EUR.'],
  [/pattern: .*\[\^<>\]/, 'A name without < and >.'],
  [/pattern: .*0-9a-fA-F/, 'A colour as #rrggbb.'],
  [/format email/, 'This is not an e-mail address, such as ada@shop.example.'],
  [/String does not match pattern|validation for format/, 'This is not written as it must be.'],
];

/** The refusal in words for whoever filled in a form. */
export function plainWords(message: string): string {
  for (const [pattern, words] of plain) {
    const found = pattern.exec(message);
    if (found) return words.replace('$1', () => found[1] ?? '');
  }
  return message
    .replace(/^(?:Payload|Path) validation error: '(.*)'( on property .*)?\.?$/, '$1')
    .replace(/^options\.[\w.]*:? /, '');
}
