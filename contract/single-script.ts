// Scripts whose letters look like one another's, or that are written alone. Letters of no script (digits, marks,
// punctuation) go with any.
const scripts = {
  Latin: /\p{Script_Extensions=Latin}/u,
  Greek: /\p{Script_Extensions=Greek}/u,
  Cyrillic: /\p{Script_Extensions=Cyrillic}/u,
  Armenian: /\p{Script_Extensions=Armenian}/u,
  Hebrew: /\p{Script_Extensions=Hebrew}/u,
  Arabic: /\p{Script_Extensions=Arabic}/u,
  Devanagari: /\p{Script_Extensions=Devanagari}/u,
  Thai: /\p{Script_Extensions=Thai}/u,
  Georgian: /\p{Script_Extensions=Georgian}/u,
  Han: /\p{Script_Extensions=Han}/u,
  Hiragana: /\p{Script_Extensions=Hiragana}/u,
  Katakana: /\p{Script_Extensions=Katakana}/u,
  Bopomofo: /\p{Script_Extensions=Bopomofo}/u,
  Hangul: /\p{Script_Extensions=Hangul}/u,
} as const;

type Script = keyof typeof scripts;

// Unicode Technical Standard 39, "highly restrictive": one script, or Latin with those of one East Asian language.
const together: readonly ReadonlySet<Script>[] = [
  new Set<Script>(['Latin', 'Han', 'Hiragana', 'Katakana']),
  new Set<Script>(['Latin', 'Han', 'Bopomofo']),
  new Set<Script>(['Latin', 'Han', 'Hangul']),
];

/** Are the letters of this text of one script, or of scripts that are written together (UTS 39)? */
export function isSingleScript(text: string): boolean {
  if (/^[ -~]*$/.test(text)) return true; // ASCII, as nearly all are: its letters are Latin
  const choices = [...text].filter((letter) => /\p{L}/u.test(letter)).map(scriptsOf);
  if (choices.some((found) => found.length === 0)) return choices.every((found) => found.length === 0);
  const sets = [...together, ...namesOf(scripts).map((name) => new Set<Script>([name]))];
  return sets.some((set) => choices.every((found) => found.some((script) => set.has(script))));
}

function scriptsOf(letter: string): Script[] {
  return namesOf(scripts).filter((name) => scripts[name].test(letter));
}

function namesOf<T extends object>(table: T): (keyof T & string)[] {
  const names: (keyof T & string)[] = [];
  for (const name in table) names.push(name);
  return names;
}
