/**
 * What `/console` says while it is being built, or when that failed. With script it tells how far that is and goes on
 * by itself; a page that is loaded anew every other second would tear whoever reads or hears it out of it.
 */
export function waitingPage(state: { since: number; words: string } | 'failed', nonce: string): string {
  const failed = state === 'failed';
  const title = failed ? 'The console could not be built' : 'The console is being built';
  const text = failed
    ? 'The log of the server says why. Customers sign in as always. Once it is mended, look again: a minute later it is tried anew.'
    : 'This takes about half a minute after an update. The page goes on by itself.';
  const progress = failed ? '' : `<p class="words" role="status">${seconds(state.since)} s so far. ${state.words}</p>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1.5rem; }
  h1 { font-size: 1.4rem; }
  a { color: LinkText; }
</style>
<main>
<h1>${title}</h1>
<p>${text}</p>
${progress}
<p><a href="">Look again</a></p>
</main>
${failed ? '' : `<script nonce="${nonce}">${script}</script>\n`}</html>
`;
}

/** Asks again and again, and loads the page anew once it is another one. */
const script = `
  const words = document.querySelector('.words');
  async function look() {
    const answer = await fetch(location.href, { cache: 'no-store' }).catch(() => undefined);
    if (answer && answer.status !== 503) return location.reload();
    const told = answer && /role="status">([^<]*)/.exec(await answer.text());
    if (told) words.textContent = told[1];
    setTimeout(look, 2000);
  }
  setTimeout(look, 2000);
`;

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1000);
}
