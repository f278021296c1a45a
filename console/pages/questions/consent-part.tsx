import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { consentPurposes, purposeOf } from '../../ui/consent-purposes.ts';
import { ConsentStanding } from '../../ui/consent-standing.tsx';
import { fromLines, toLines } from '../../ui/lines.ts';
import type { QuestionField } from './api.ts';

/** A yes or no to a purpose, in the words of its wording in force. */
export function ConsentPart({
  field,
  set,
  errorAt,
}: {
  field: Extract<QuestionField, { purpose: string }>;
  set: (field: QuestionField) => void;
  errorAt: (path: string) => string | undefined;
}) {
  const [typed, setTyped] = useState('');
  const topics = toLines(field.type === 'topics' ? field.topics : []);
  // What is typed, unless the topics were put there.
  const text = toLines(fromLines(typed)) === topics ? typed : topics;
  const asked = field.type === 'topics' ? [...new Set(field.topics)] : [field.topic ?? null];
  return (
    <>
      <NativeSelect
        label="Purpose"
        description="Asked in the words of its wording that is in force."
        data={consentPurposes.map(({ value, label }) => ({ value, label }))}
        value={field.purpose}
        onChange={(event) => {
          const chosen = purposeOf(event.currentTarget.value);
          if (chosen) set({ ...field, purpose: chosen.value });
        }}
      />
      {field.type === 'topics' ? (
        <Textarea
          label="Topics"
          description="One a line, as the consents call them; each is a box."
          autosize
          minRows={2}
          value={text}
          error={errorAt('topics')}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            set({ ...field, topics: fromLines(event.currentTarget.value) });
          }}
        />
      ) : (
        <TextInput
          label="Topic"
          description="Empty: the whole purpose."
          maxLength={100}
          value={field.topic ?? ''}
          error={errorAt('topic')}
          onChange={(event) => {
            const { topic: _, ...rest } = field;
            const { value } = event.currentTarget;
            set(value === '' ? rest : { ...rest, topic: value });
          }}
        />
      )}
      {asked.map((topic) => (
        <ConsentStanding key={topic} purpose={field.purpose} topic={topic} />
      ))}
    </>
  );
}
