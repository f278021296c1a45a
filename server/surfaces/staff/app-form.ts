import type { Base } from '../../base/base.ts';
import { qrImage } from '../../base/credentials/qr-image.ts';
import { beginTotp, openTotp } from '../../base/credentials/totp-draft.ts';
import { isProblem } from '../../base/errors.ts';

/**
 * What the form shows that adds an authenticator app. Nothing of it is written before the first code: the form carries
 * the secret, sealed for the visit or session (`flow`) that it was begun in.
 */
export function appForm(
  base: Pick<Base, 'config' | 'vault'>,
  { flow, email, draft }: { flow: string; email: string; draft?: string | undefined },
): Readonly<Record<string, string>> {
  const issuer = `Regulars ${new URL(base.config.url).host}`;
  const begun = (draft ? reopen(base, flow, draft) : undefined) ?? beginTotp(base, { flow, issuer, label: email });
  const secret = begun.secret.replace(/(.{4})(?=.)/g, '$1 ');
  return { draft: begun.draft, secret, uri: begun.uri, qr: qrImage(begun.uri) };
}

/** The one that was shown before; a form that is not of this visit begins anew. */
function reopen(base: Pick<Base, 'vault'>, flow: string, draft: string) {
  try {
    return openTotp(base, { flow, draft });
  } catch (error) {
    if (isProblem(error, 'flow_expired')) return undefined;
    throw error;
  }
}

/** What an app is called when they give it no name. */
export const unnamedApp = 'Authenticator app';
