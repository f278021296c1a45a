import { Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { useForm } from '../../ui/form.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { changeFollowUp, type FollowUp, followUpQuery, setFollowUp } from './people-api.ts';

/** What is to be done for the customer, and on which day: set when there is none, else changed. */
export function FollowUpForm({
  id,
  followUp,
  close,
}: {
  id: string;
  followUp: FollowUp | undefined;
  close: () => void;
}) {
  const client = useQueryClient();
  const [seen, setSeen] = useState(followUp);
  const form = useForm({ text: followUp?.text ?? '', date: followUp?.date ?? '' });

  async function save(overwrite: boolean): Promise<void> {
    const draft = { text: form.values.text.trim(), date: form.values.date };
    const isSaved = await form.save(() =>
      seen ? changeFollowUp(id, { ...draft, ...(!overwrite && { if_version: seen.version }) }) : setFollowUp(id, draft),
    );
    if (!isSaved) return;
    await client.invalidateQueries({ queryKey: ['customer', id, 'follow-up'] });
    await client.invalidateQueries({ queryKey: ['follow-ups'] });
    close();
  }

  async function showTheirs(): Promise<void> {
    const theirs = await client.fetchQuery({ ...followUpQuery(id), staleTime: 0 });
    if (!theirs || theirs.done) return close();
    setSeen(theirs);
    form.reset({ text: theirs.text, date: theirs.date });
  }

  return (
    <Dialog title="Follow up" close={close}>
      <form noValidate onSubmit={(event) => event.preventDefault()}>
        <Stack gap="md">
          <TextInput
            label="What"
            required
            maxLength={1000}
            data-autofocus
            value={form.values.text}
            error={form.error('text')}
            onChange={(event) => form.set('text', event.currentTarget.value)}
          />
          <TextInput
            label="When"
            type="date"
            required
            value={form.values.date}
            error={form.error('date')}
            onChange={(event) => form.set('date', event.currentTarget.value)}
          />
          <SaveBar
            form={form}
            save={(overwrite) => void save(overwrite)}
            reload={() => void showTheirs()}
            label={seen ? 'Save' : 'Keep in mind'}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
