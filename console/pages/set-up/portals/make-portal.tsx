import { NativeSelect, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useForm } from '../../../ui/form.ts';
import { fromLines } from '../../../ui/lines.ts';
import { MakeForm } from '../../../ui/make-form.tsx';
import { brandsQuery } from '../brands/api.ts';
import { type AppType, appTypes, type Client, makePortal } from './api.ts';

/** What a portal begins with. `brand`: the one it belongs to where that is decided already. */
export function MakePortal({
  brand,
  done,
  cancel,
}: {
  brand?: string;
  done: (made: Client) => void;
  cancel?: () => void;
}) {
  const queryClient = useQueryClient();
  const { data: brands = [] } = useQuery(brandsQuery);
  const form = useForm<{ name: string; app_type: AppType; brand: string; callbacks: string }>({
    name: '',
    app_type: 'regular_web',
    brand: brand ?? '',
    callbacks: '',
  });
  const { values } = form;
  const isMachine = values.app_type === 'non_interactive';

  function submit(): Promise<boolean> {
    return form.save(async () => {
      const callbacks = isMachine ? [] : fromLines(values.callbacks);
      const origins = [...new Set(callbacks.flatMap(originOf))];
      const made = await makePortal({
        name: values.name,
        app_type: values.app_type,
        callbacks,
        ...(values.app_type === 'spa' && { web_origins: origins }),
        ...(!isMachine && origins.length > 0 && { allowed_logout_urls: origins }),
        ...(isMachine ? {} : { brand: values.brand || brands[0]?.slug }),
      });
      await queryClient.invalidateQueries({ queryKey: ['portals'] });
      done(made);
    });
  }

  return (
    <MakeForm form={form} make={submit} label="Make the portal" cancel={cancel}>
      <TextInput
        label="Name"
        placeholder="Shop"
        required
        maxLength={200}
        data-autofocus
        value={values.name}
        error={form.error('name')}
        onChange={(event) => form.set('name', event.currentTarget.value)}
      />
      <Radio.Group
        label="What is it?"
        value={values.app_type}
        error={form.error('app_type')}
        onChange={(value) => {
          const chosen = appTypes.find((type) => type.value === value);
          if (chosen) form.set('app_type', chosen.value);
        }}
      >
        <Stack gap="xs" mt="xs">
          {appTypes.map(({ value, label, about }) => (
            <Radio key={value} value={value} label={label} description={about} />
          ))}
        </Stack>
      </Radio.Group>
      {isMachine || brand !== undefined ? null : (
        <NativeSelect
          label="Brand"
          description="Whose look and words its sign-in has."
          data={brands.map(({ slug, name }) => ({ value: slug, label: name }))}
          value={values.brand || brands[0]?.slug || ''}
          error={form.error('brand')}
          onChange={(event) => form.set('brand', event.currentTarget.value)}
        />
      )}
      {isMachine ? null : (
        <Textarea
          label="Where customers come back to"
          description="Callback addresses, one a line. They must match to the letter. You can add them later."
          placeholder="https://shop.example/callback"
          autosize
          minRows={2}
          value={values.callbacks}
          error={form.error('callbacks')}
          onChange={(event) => form.set('callbacks', event.currentTarget.value)}
        />
      )}
    </MakeForm>
  );
}

/** Apps have schemes of their own, and no origin. */
function originOf(address: string): string[] {
  const origin = URL.canParse(address) ? new URL(address).origin : 'null';
  return origin === 'null' ? [] : [origin];
}
