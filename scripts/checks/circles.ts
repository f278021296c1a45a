// Files that import each other in a circle, and files that nobody imports.
import type { Source } from './sources.ts';

/** Each circle once, as the path around it. Type-only imports count: a circle is hard to read either way. */
export function checkCircles(sources: readonly Source[]): string[] {
  const graph = new Map(
    sources.map(({ path, imports }) => [path, imports.filter((one) => one.isOurs).map(({ to }) => to)]),
  );
  const done = new Set<string>();
  const circles: string[] = [];

  function walk(path: string, way: readonly string[]): void {
    const start = way.indexOf(path);
    if (start >= 0) circles.push(`circle: ${[...way.slice(start), path].join(' -> ')}`);
    if (start >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...way, path]);
    done.add(path);
  }
  for (const path of graph.keys()) walk(path, []);
  return circles;
}

// Programs, threads and what runs in isolates, which are run and not imported.
const programs =
  /^server\/cli\.ts$|-worker\.ts$|^(bench|scripts)\/|\.test\.ts$|^demo\/demo\.ts$|^console\/main\.tsx$|^test\/|\/test-[^/]+\.ts$|^server\/base\/sandbox\/world\/inside\/start\.ts$/;

/** Product files that no product file uses. The demo's networks serve tests as well. */
export function checkOrphans(sources: readonly Source[]): string[] {
  const usedBy = (list: readonly Source[]) => list.flatMap(({ imports }) => imports.map(({ to }) => to));
  const used = new Set([
    ...usedBy(sources.filter(({ isTest }) => !isTest)),
    ...usedBy(sources).filter((to) => to.startsWith('demo/')),
  ]);
  return sources
    .filter(({ path, text }) => !programs.test(path) && !used.has(path) && !text.startsWith('#!'))
    .map(({ path }) => `${path}: nothing of the product uses it`);
}
