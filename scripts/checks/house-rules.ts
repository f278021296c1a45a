// Rules of one file alone: its size, its name, what must not be in it.
import type { Source } from './sources.ts';

const generated = /\/generated\/|\/data\//;
// Here stand the very words that are looked for.
const ownFolder = 'scripts/checks/';

/** Half of the files have at most 80 lines, nine of ten 250, none more than 400. */
export function checkSizes(sources: readonly Source[]): string[] {
  const sizes = sources
    .filter(({ path }) => !generated.test(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  const at = (share: number) => sizes[Math.floor((sizes.length - 1) * share)]?.lines ?? 0;
  const complaints = sizes
    .filter(({ lines }) => lines > 400)
    .map(({ path, lines }) => `${path}: ${lines} lines, 400 at most`);
  if (at(0.5) > 80) complaints.push(`the median file has ${at(0.5)} lines, 80 at most`);
  if (at(0.9) > 250) complaints.push(`a tenth of the files has more than ${at(0.9)} lines, 250 at most`);
  return complaints;
}

/** Names that say nothing, and names that are not kebab-case. */
export function checkNames(sources: readonly Source[]): string[] {
  return sources
    .filter(
      ({ path }) => /(^|\/)(utils?|helpers?|common|types|misc|index)(\.tsx?|\/)/.test(path) || /[A-Z_ ]/.test(path),
    )
    .map(({ path }) => `${path}: a name says what is in it, in kebab-case`);
}

/** What belongs to one machine or one moment; what only one file may do. */
export function checkLeftovers(sources: readonly Source[]): string[] {
  const rules: [string, RegExp, (path: string) => boolean][] = [
    // What a test file imports is loaded once for many test files: its hooks would be those of the first alone.
    ['a hook that is not in a test file', /^(before|after)(Each)?\(/m, (path) => /\.test\.tsx?$/.test(path)],
    ['a path of one machine', /["'`(\s](\/work\/|\/home\/|\/Users\/|\/root\/(?!')|\/tmp\/)/, () => false],
    ['a note to come back', /\b(TODO|FIXME|XXX|HACK)\b/, () => false],
    ['a check that was switched off', /@ts-(ignore|nocheck|expect-error)|biome-ignore-all/, () => false],
    ['a skipped test', /\b(test|it|describe)\.(skip|only|todo)\b|\b(skip|only|todo): true/, () => false],
    ['the environment is read by base/config.ts', /\bprocess\.env\b/, (path) => path === 'server/base/config.ts'],
  ];
  const others = sources.filter(({ path }) => !path.startsWith(ownFolder));
  return others.flatMap(({ path, text, isTest }) =>
    rules
      .filter(
        ([name, pattern, isAllowed]) =>
          pattern.test(text) && !isAllowed(path) && !(isTest && name.startsWith('the env')),
      )
      .map(([name]) => `${path}: ${name}`),
  );
}
