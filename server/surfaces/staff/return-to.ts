/** Where staff goes after signing in when nothing else was asked for. */
const home = '/console/';

/**
 * The page of ours that was asked for, or the console's first. Only a path of this very origin is gone to: no other
 * host, however it is spelt.
 */
export function returnTo(asked: string | undefined): string {
  const origin = 'http://own.invalid';
  if (!asked?.startsWith('/') || asked.length > 2000 || /[\\\p{Cc}\s]/u.test(asked)) return home;
  const url = URL.parse(asked, origin);
  return url?.origin === origin && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : home;
}
