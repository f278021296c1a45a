import type { FastifyReply } from 'fastify';
import { ownDress as dress } from '../../base/own-dress.ts';
import { createPages } from '../../base/pages.ts';
import en from './texts.json' with { type: 'json' };

// Staff's pages speak English, as the console does.
const pages = createPages(new URL('./pages/', import.meta.url), { en, de: en, es: en, fr: en });

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
