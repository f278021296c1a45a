import type { FastifyReply } from 'fastify';
import { assetPath } from '../../base/assets.ts';
import { createPages, type Dress } from '../../base/pages.ts';
import en from './texts.json' with { type: 'json' };

// Staff's pages speak English, as the console does.
const pages = createPages(new URL('./pages/', import.meta.url), { en, de: en, es: en, fr: en });

/** No brand's clothes: these pages are the umbrella's own. */
const dress: Dress = {
  name: 'Regulars',
  logo_url: null,
  stylesheet: assetPath('staff.css'),
  privacy_url: null,
  terms_url: null,
  support_url: null,
  texts: {},
};

/** A sentence of these pages. */
export function say(key: string, values: Readonly<Record<string, unknown>> = {}): string {
  return pages.say(key, 'en', dress, values);
}

/** Is there such a sentence? */
export function hasText(key: string): boolean {
  return Object.hasOwn(en, key);
}

/** Sends a page of `pages/`. */
export function sendPage(
  reply: FastifyReply,
  name: string,
  model: Readonly<Record<string, unknown>>,
  status = 200,
): FastifyReply {
  return pages.send(reply, name, model, { dress, language: 'en', status });
}
