import type { ReactNode } from 'react';

export type News = {
  readonly title?: string;
  readonly message: ReactNode;
  readonly color?: string;
  /** How long it is shown; by default for some seconds. */
  readonly shownMs?: number | 'until closed';
};
export type Told = News & { readonly id: number };

const shownAtMost = 5;
const watchers = new Set<() => void>();
let told: readonly Told[] = [];
let last = 0;

/**
 * Says in a corner of the page what was done, or that it was not.
 *
 * @returns takes it away before that
 */
export function tell(news: News): () => void {
  last += 1;
  const id = last;
  change([...told, { ...news, id }].slice(-shownAtMost));
  return () => untell(id);
}

export function untell(id: number): void {
  change(told.filter((one) => one.id !== id));
}

/** What is being told, oldest first. */
export function whatIsTold(): readonly Told[] {
  return told;
}

export function watchTold(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function change(next: readonly Told[]): void {
  told = next;
  for (const watcher of watchers) watcher();
}
