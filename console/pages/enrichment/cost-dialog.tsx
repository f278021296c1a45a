import { Radio, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { EnrichmentSource } from '../../../contract/enrichment.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useForm } from '../../ui/form.ts';
import { NumberField } from '../../ui/number-field.tsx';
import { Refused } from '../../ui/refused.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { changeSource, sourcesQuery } from './api.ts';

/** What a call of a service costs, by the umbrella's contract with it. */
export function CostDialog({ source, close }: { source: EnrichmentSource; close: () => void }) {
  const form = useForm(valuesOf(source));
  const queryClient = useQueryClient();
  const { values } = form;
  const { cost_per_call: price } = values;

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      if (typeof price !== 'number')
        throw new Refused('cost_per_call', 'A price is needed: 0 where a call costs nothing.');
      await changeSource(source.id, {
        cost_per_call: price,
        cost_for: values.cost_for,
        currency: values.currency.trim().toUpperCase(),
        // 0: it was neither called nor changed yet.
        ...(overwrite || source.version === 0 ? {} : { if_version: source.version }),
      });
      await queryClient.invalidateQueries({ queryKey: sourcesQuery.queryKey });
    });
    if (isSaved) close();
  }

  async function showTheirs(): Promise<void> {
    const all = await queryClient.fetchQuery({ ...sourcesQuery, staleTime: 0 });
    const theirs = all.find(({ id }) => id === source.id);
    if (theirs) form.reset(valuesOf(theirs));
  }

  return (
    <Dialog title={`What ${source.name} costs`} close={close}>
      <form noValidate onSubmit={(event) => event.preventDefault()}>
        <Stack gap="md">
          <NumberField
            label="Price"
            description="As your contract with them says; calls from now on are counted by it."
            min={0}
            max={1000}
            isWhole={false}
            value={price}
            error={form.error('cost_per_call')}
            onChange={(value) => form.set('cost_per_call', value)}
          />
          <TextInput
            label="Currency"
            description="By three letters: USD, EUR."
            maxLength={3}
            maw={160}
            value={values.currency}
            error={form.error('currency')}
            onChange={(event) => form.set('currency', event.currentTarget.value)}
          />
          {source.kind === 'asked' ? (
            <Radio.Group
              label="What is paid"
              value={values.cost_for}
              onChange={(value) => form.set('cost_for', value === 'hit' ? 'hit' : 'call')}
            >
              <Stack gap="xs" mt="xs">
                <Radio value="call" label="Every answer" />
                <Radio value="hit" label="Only those that found somebody" />
              </Stack>
            </Radio.Group>
          ) : null}
          <SaveBar form={form} save={(over) => void save(over)} reload={() => void showTheirs()} />
        </Stack>
      </form>
    </Dialog>
  );
}

function valuesOf({ cost_per_call, cost_for, currency }: EnrichmentSource): {
  cost_per_call: number | string;
  cost_for: EnrichmentSource['cost_for'];
  currency: string;
} {
  return { cost_per_call, cost_for, currency };
}
