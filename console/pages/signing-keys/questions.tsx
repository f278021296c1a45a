import type { SigningKey } from '../../../contract/signing-keys.ts';
import { Ask } from '../../ui/ask.tsx';
import { moment } from '../../ui/words.ts';
import { revoke, rotate } from './api.ts';

/** What somebody is about to do with the keys. */
export type Question =
  | { readonly is: 'rotate' }
  | { readonly is: 'rotate at once' }
  | { readonly is: 'revoke'; readonly key: SigningKey };

/** Says what will happen, and does it. */
export function Questions({
  question,
  close,
  done,
}: {
  question: Question;
  close: () => void;
  done: (words: string) => Promise<void>;
}) {
  if (question.is === 'rotate')
    return (
      <Ask title="Let the next key sign?" yes="Rotate" close={close} act={async () => done(await rotated(false))}>
        If it has been published for 24 hours, it signs now; else as soon as it has been. Tokens of the key before it
        stay good. A new next key is made.
      </Ask>
    );
  if (question.is === 'rotate at once')
    return (
      <Ask
        title="Let the next key sign at once?"
        yes="Rotate at once"
        close={close}
        act={async () => done(await rotated(true))}
      >
        Portals that do not know the key yet refuse new tokens until they fetch the keys again, which most do within
        minutes. Do this if the key that signs now was stolen, and revoke that one then.
      </Ask>
    );
  const { key } = question;
  return (
    <Ask
      title="Revoke this key?"
      yes="Revoke for good"
      typed={key.kid.slice(0, 6)}
      close={close}
      act={async () => {
        await revoke(key.kid);
        await done('The key is revoked.');
      }}
    >
      {key.next
        ? 'It has signed nothing yet. Another next key is made, which must be published for 24 hours before it signs.'
        : 'Every token that it signed is refused from now on: customers who hold one sign in again, machines fetch a new one.'}{' '}
      This cannot be undone.
    </Ask>
  );
}

async function rotated(atOnce: boolean): Promise<string> {
  const { signs_at } = await rotate(atOnce);
  return new Date(signs_at) > new Date() ? `The next key signs from ${moment(signs_at)}.` : 'The next key signs now.';
}
