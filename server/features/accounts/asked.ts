import type { Language } from '../../base/languages.ts';
import type { Brand } from '../brands/brands.ts';

/** The circumstances of a request: the brand whose clothes mails wear, the language, and the caller's IP address. */
export type Asked = { readonly brand: Brand; readonly language: Language; readonly ip: string };
