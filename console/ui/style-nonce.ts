/** What styles that are made in the browser must carry, so that the page's policy lets them in. */
export function styleNonce(): string {
  return document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? '';
}
