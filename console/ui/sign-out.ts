import { ApiError } from './api.ts';
import { consoleHeaders } from './console-headers.ts';
import { leaveFor } from './session-end.ts';

const channel = 'staff-signed-out';
const door = '/staff/sign-in?signed_out=yes';

/**
 * Ends the session, here and in the other tabs of this browser, and leads to the sign-in.
 *
 * @param address where the session says that one signs out
 * @throws ApiError when the session goes on
 */
export async function signOut(address: string): Promise<void> {
  const request = { method: 'POST', headers: consoleHeaders, credentials: 'same-origin', redirect: 'error' } as const;
  const { ok, status } = await fetch(address, request);
  if (!ok) throw new ApiError(status, 'refused', 'You are still signed in. Load the page anew, then try again.', {});
  new BroadcastChannel(channel).postMessage(undefined);
  // Who goes back in the browser's history finds no page that was kept.
  window.addEventListener('pageshow', () => window.location.reload());
  await leaveFor(door);
}

/** Leaves as soon as another tab has signed out. @returns what ends the watch */
export function leaveWithOthers(): () => void {
  const others = new BroadcastChannel(channel);
  others.addEventListener('message', () => void leaveFor(door));
  return () => others.close();
}
