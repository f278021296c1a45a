import { VisuallyHidden } from '@mantine/core';
import type { Fact } from './api.ts';
import { sureness } from './sureness-words.ts';

/** How sure whoever told a value is of it; nothing where they are certain. */
export function Sureness({ fact }: { fact: Fact }) {
  const words = sureness(fact);
  if (words === undefined) return null;
  return (
    <>
      {', '}
      <span title={meaning}>
        {words}
        <VisuallyHidden> ({meaning})</VisuallyHidden>
      </span>
    </>
  );
}

const meaning = 'How likely it is to be true of this customer, as its source says; 100% is certain';
