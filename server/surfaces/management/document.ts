import { customerOperations } from './customer-operations.ts';
import { openApiOf } from './openapi.ts';
import { routes } from './routes.ts';

let text: string | undefined;

/** The OpenAPI document of the Management API as JSON; the same for every server of this version, and made once. */
export function openApiText(): string {
  text ??= JSON.stringify(openApiOf(routes, customerOperations));
  return text;
}
