import { Liquid } from 'liquidjs';

// What a template may do. No loops and nothing that names a value anew: so each value is known by its name wherever it
// is shown, and a mail is written in no time. No `raw`: everything that is put out is escaped.
const tags = new Set(['if', 'unless', 'case', 'comment', '#']);
const filters = new Set(['append', 'capitalize', 'default', 'downcase', 'prepend', 'strip', 'truncate', 'upcase']);

export const limits = { html: 100_000, text: 50_000, subject: 300 } as const;

function engine(outputEscape?: 'escape'): Liquid {
  const liquid = new Liquid({
    // No files, wherever a template would look for them.
    templates: {},
    relativeReference: false,
    dynamicPartials: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    parseLimit: limits.html,
    renderLimit: 500,
    memoryLimit: 4_000_000,
    ...(outputEscape && { outputEscape }),
  });
  for (const name of Object.keys(liquid.tags)) if (!tags.has(name)) delete liquid.tags[name];
  for (const name of Object.keys(liquid.filters)) if (!filters.has(name)) delete liquid.filters[name];
  // Written out of habit; it is done anyway where it is needed.
  liquid.registerFilter('escape', (value: unknown) => value);
  return liquid;
}

/** For HTML: what is put out is text, whatever it holds. */
export const htmlLiquid = engine('escape');
/** For plain text and subjects. */
export const textLiquid = engine();
