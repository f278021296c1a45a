// Parts of tokens that the umbrella signs (RFC 7515, HS256): as texts, so that nothing which code can change handles them.
import { createHmac } from 'node:crypto';
import { type Native, textOf } from './values.ts';

export const tokenNatives: Readonly<Record<string, Native>> = {
  'token.encode': (text) => Buffer.from(textOf(text)).toString('base64url'),
  'token.decode': (part) => Buffer.from(textOf(part), 'base64url').toString(),
  'token.sign': (text, secret) => createHmac('sha256', textOf(secret)).update(textOf(text)).digest('base64url'),
};
