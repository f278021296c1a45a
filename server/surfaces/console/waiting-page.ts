/** What `/console` says while it is being built, or when that failed. It reloads by itself. */
export function waitingPage(state: { since: number; words: string } | 'failed', nonce: string): string {
  const failed = state === 'failed';
  const title = failed ? 'The console could not be built' : 'The console is being built';
  const text = failed
    ? 'The log of the server says why. Customers sign in as always. Once it is mended, load this page again: a minute later it is tried anew.'
    : `This takes about half a minute after an update (${seconds(state.since)} s so far). The page goes on by itself.`;
  const progress = failed ? '' : `<p class="words" role="status">${state.words}</p>`;
  const refresh = failed ? '' : '<meta http-equiv="refresh" content="2">';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}
<title>${title}</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1.5rem; }
  h1 { font-size: 1.4rem; }
  .words { opacity: 0.75; }
</style>
<main>
<h1>${title}</h1>
<p>${text}</p>
${progress}
</main>
</html>
`;
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1000);
}
