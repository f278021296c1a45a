import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { StillFrame } from './still-frame.tsx';
import { styleNonce } from './style-nonce.ts';

/**
 * A mail as mail programs show it, in a frame that may do nothing: no link of it leads anywhere, no picture comes from
 * elsewhere (that would tell its server that somebody looks).
 */
export function MailFrame({ html, title }: { html: string; title: string }) {
  const page = useMemo(() => harmless(html), [html]);
  return (
    <>
      <StillFrame className="mail-frame" title={title} html={page} />
      <Text size="xs" c="dimmed">
        Links lead nowhere here, and pictures of other sites are not loaded.
      </Text>
    </>
  );
}

/** The page's policy, which the frame inherits, lets no style attribute in: each becomes a rule of a sheet of ours. */
function harmless(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const one of page.querySelectorAll('script, base, link, meta[http-equiv], iframe, object, embed')) one.remove();
  const nonce = styleNonce();
  const rules: string[] = ['body { background: #fff }'];
  for (const [place, element] of [...page.querySelectorAll('[style]')].entries()) {
    const css = element.getAttribute('style') ?? '';
    element.removeAttribute('style');
    if (/[<{}]/.test(css)) continue;
    element.setAttribute('data-look', String(place));
    rules.push(`[data-look="${place}"][data-look] { ${css} }`);
  }
  for (const sheet of page.querySelectorAll('style')) sheet.setAttribute('nonce', nonce);
  const sheet = page.createElement('style');
  sheet.setAttribute('nonce', nonce);
  sheet.textContent = rules.join('\n');
  page.head.append(sheet);
  for (const link of page.querySelectorAll('a[href], area[href]')) link.removeAttribute('href');
  return `<!doctype html>${page.documentElement.outerHTML}`;
}
