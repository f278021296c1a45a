import { Code } from '@mantine/core';
import { Fragment } from 'react';

/** A sentence in which names of programs stand between backticks: they are shown as code. */
export function Sentence({ text }: { text: string }) {
  return text.split('`').map((part, place) => {
    const key = `${place} ${part}`;
    return place % 2 === 1 ? <Code key={key}>{part}</Code> : <Fragment key={key}>{part}</Fragment>;
  });
}

/** A text that, if it is an e-mail address and too long for its line, goes on in the next one behind the `@`. */
export function Breakable({ text }: { text: string }) {
  const at = text.indexOf('@') + 1;
  if (at === 0 || /\s/.test(text)) return text;
  return (
    <>
      {text.slice(0, at)}
      <wbr />
      {text.slice(at)}
    </>
  );
}
