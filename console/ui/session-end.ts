import { consoleHeaders } from './console-headers.ts';

// Whose page this is, and that their session has ended. What somebody typed stays on the page meanwhile; what it shows is
// out of sight, and nobody else's to see.

let owner: string | undefined;
let returning: Promise<void> | undefined;
const watchers = new Set<() => void>();

/** Told who is signed in. Another one than before gets a page of their own, and nothing that was read for the first. */
export async function belongTo(id: string): Promise<void> {
  owner ??= id;
  if (id !== owner) await leaveFor('/console');
}

/**
 * Waits until who is at this page has signed in again in another tab and come back. Where nothing was shown yet there is
 * nothing to keep: the browser goes to the sign-in, and comes back to the same address.
 */
export function sessionAgain(): Promise<void> {
  if (owner === undefined) return signInAnew(window.location.pathname + window.location.search);
  returning ??= watch().finally(() => {
    returning = undefined;
    tell();
  });
  tell();
  return returning;
}

export function hasSessionEnded(): boolean {
  return returning !== undefined;
}

/** @returns what ends the watch */
export function watchSessionEnd(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Leads to the sign-in and from there to this address. */
export function signInAnew(address: string): Promise<never> {
  return leaveFor(`/staff/sign-in?return_to=${encodeURIComponent(address)}`);
}

/** Never comes back: the browser leaves the page. */
export function leaveFor(address: string): Promise<never> {
  window.location.assign(address);
  return new Promise(() => {});
}

function tell(): void {
  for (const watcher of watchers) watcher();
}

async function watch(): Promise<void> {
  do await comeBack();
  while (!(await isSignedIn()));
}

/** Somebody looks at this page again. */
function comeBack(): Promise<void> {
  return new Promise((resolve) => {
    function look(): void {
      if (document.visibilityState !== 'visible') return;
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
      resolve();
    }
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
  });
}

async function isSignedIn(): Promise<boolean> {
  try {
    const answer = await fetch('/api/v2/staff/me', { headers: consoleHeaders, credentials: 'same-origin' });
    if (!answer.ok) return false;
    const { id }: { id: string } = await answer.json();
    await belongTo(id);
    return true;
  } catch {
    return false;
  }
}
