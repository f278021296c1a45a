import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { brandTheme } from '../../../contract/brands.ts';
import { readableOn } from '../../../contract/contrast.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { Dress } from '../../base/pages.ts';
import { type Brand, brandBySlug } from '../../features/brands/brands.ts';

const corners = { square: '2px', soft: '10px', round: '22px' } as const;

const fonts = {
  system: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  serif: '"Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif',
  mono: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  rounded: 'ui-rounded, "SF Pro Rounded", Nunito, "Segoe UI", system-ui, sans-serif',
} as const;

const dresses = new WeakMap<Brand, Dress>();

/** How this brand dresses a page. Worked out once for a brand as it is remembered. */
export function dressOf(brand: Brand): Dress {
  const known = dresses.get(brand);
  if (known) return known;
  const dress = makeDress(brand);
  dresses.set(brand, dress);
  return dress;
}

function makeDress(brand: Brand): Dress {
  const version = createHash('sha256').update(brandStyle(brand)).digest('hex').slice(0, 10);
  return dressAs(brand, `/brands/${brand.slug}.css?v=${version}`);
}

/** How a brand that is not saved would dress a page. Its stylesheet's address carries the theme. */
export function draftDress(brand: Omit<Dress, 'stylesheet'> & Pick<Brand, 'theme'>): Dress {
  return dressAs(brand, `/brand-draft.css?${new URLSearchParams({ theme: JSON.stringify(brand.theme) })}`);
}

function dressAs(brand: Omit<Dress, 'stylesheet'>, stylesheet: string): Dress {
  return {
    name: brand.name,
    logo_url: brand.logo_url,
    stylesheet,
    privacy_url: brand.privacy_url,
    terms_url: brand.terms_url,
    support_url: brand.support_url,
    texts: brand.texts,
  };
}

/**
 * Serves each brand's stylesheet; its address changes with its content, so browsers may keep it. And the one of a theme
 * that the address itself carries, for previews: whatever is asked for, only colours and our own words come back.
 */
export function registerBrandStyles(app: FastifyInstance, base: Base): void {
  app.get<{ Params: { slug: string } }>('/brands/:slug.css', async (request, reply) => {
    const { slug } = request.params;
    const brand = await base.settings.remember(`brand-style:${slug}`, () => brandBySlug(base.db, slug));
    if (!brand) throw new Problem('not_found');
    return reply
      .header('cache-control', 'public, max-age=86400')
      .type('text/css; charset=utf-8')
      .send(brandStyle(brand));
  });
  app.get<{ Querystring: { theme?: unknown } }>('/brand-draft.css', async (request, reply) => {
    return reply
      .header('cache-control', 'no-store')
      .type('text/css; charset=utf-8')
      .send(brandStyle({ theme: readDraft(request.query.theme) }));
  });
}

function readDraft(text: unknown): Brand['theme'] {
  try {
    return brandTheme.parse(JSON.parse(String(text)));
  } catch {
    throw new Problem('invalid_query', 'The address carries no theme.');
  }
}

/**
 * The brand's theme as custom properties of base/pages/regulars.css. Colours that could not be read on their ground
 * (WCAG 2.2 AA) are moved until they can; in the dark the brand keeps its main colour and our dark grounds.
 */
export function brandStyle({ theme }: Pick<Brand, 'theme'>): string {
  const primary = theme.primary ?? '#2f4b3c';
  const sheet = theme.surface ?? '#ffffff';
  const page = theme.background ?? '#f4f2ee';
  const light: Record<string, string> = {
    '--page': page,
    '--sheet': sheet,
    '--field': sheet,
    '--ink': readableOn(sheet, theme.text ?? '#1c1d1a', 7),
    '--ink-soft': readableOn(page, readableOn(sheet, theme.muted ?? '#5b5d57')),
    '--brand-text': readableOn(sheet, primary),
    '--bad': readableOn(sheet, theme.error ?? '#a3271d'),
  };
  const always: Record<string, string> = {
    '--brand': primary,
    '--on-brand': readableOn(primary, theme.on_primary ?? '#ffffff'),
    '--corner': corners[theme.corners ?? 'soft'],
    '--font': fonts.system,
    '--heading-font': fonts[theme.font ?? 'system'],
  };
  const dark = { '--brand-text': readableOn('#1e201d', primary) };
  return [
    block(':root', always),
    `@media (prefers-color-scheme: light) {\n${block(':root', light)}}\n`,
    `@media (prefers-color-scheme: dark) {\n${block(':root', dark)}}\n`,
  ].join('');
}

function block(selector: string, properties: Record<string, string>): string {
  const lines = Object.entries(properties).map(([name, value]) => `  ${name}: ${value};\n`);
  return `${selector} {\n${lines.join('')}}\n`;
}
