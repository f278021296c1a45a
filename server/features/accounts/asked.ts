import type { Language } from '../../base/languages.ts';
import type { Brand } from '../brands/brands.ts';

/** The circumstances of a request. */
export type Asked = {
  /** Whose clothes pages and mails wear. */
  readonly brand: Brand;
  readonly language: Language;
  /** The caller's IP address. */
  readonly ip: string;
  /** The `client_id` that asked, and its browser: for the timeline. */
  readonly portal?: string | undefined;
  readonly userAgent?: string | undefined;
  /** The session it came from, as the timeline names it. */
  readonly session?: string | undefined;
};
