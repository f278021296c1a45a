/** Bodies of functions for which V8 or a parser takes long, below the 100 kB that a script may have. */
export const hardBodies = {
  'properties of strings': `/[${'\\p{RGI_Emoji}'.repeat(7000)}]/v;`,
  'a few hundred properties of strings': `/[${'\\p{RGI_Emoji}'.repeat(500)}]/v;`,
  'groups of one name': `/${'(?<a>)|'.repeat(13_000)}/;`,
  'names declared deep inside': `${'{'.repeat(900)}${Array.from({ length: 9500 }, (_, place) => `var a${place};`).join('')}${'}'.repeat(900)}`,
};
