import { NativeSelect, Radio, Stack, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, useNavigate, useSearch } from '@tanstack/react-router';
import { consentName, consentPurposes, purposeOf } from '../../ui/consent-purposes.ts';
import { type Form, useForm } from '../../ui/form.ts';
import { MakeForm } from '../../ui/make-form.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay, useSession } from '../../ui/session.ts';
import { Loading, NotAllowed } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { makeConsent } from './api.ts';
import { SettingsForm } from './settings-form.tsx';
import { useBrands } from './use-brands.ts';
import { draftOf, type NewValues, usualSettings } from './values.ts';

export const route = createLazyRoute('/consents/new')({ component: NewPage });

function NewPage() {
  const may = useMay();
  const { brands: limits } = useSession();
  const brands = useBrands();
  const mayMake = may('create:consents');
  // Who is limited to brands makes one for these alone, so those are known first.
  const isReady = limits === null || brands.length > 0 || !may('read:brands');
  return (
    <Page
      title="New consent"
      about="Into the catalogue first: nobody is asked before its words are written and published."
    >
      {mayMake ? isReady ? <NewConsent brands={brands} /> : <Loading label="Brands are being read" /> : <NotAllowed />}
    </Page>
  );
}

type Named = { readonly id: string; readonly name: string };

function NewConsent({ brands: known }: { brands: readonly Named[] }) {
  const { purpose = 'email', topic = '' } = useSearch({ from: '/consents/new' });
  const { brands: limits } = useSession();
  const brands = limits === null ? known : known.length > 0 ? known : limits.map((id) => ({ id, name: id }));
  const form = useForm<NewValues>({
    purpose: purposeOf(purpose)?.value ?? 'email',
    topic,
    brand: limits === null ? '' : (brands[0]?.id ?? ''),
    ...usualSettings,
  });
  const navigate = useNavigate();
  const queryClient = useQueryClient();

  async function make(): Promise<void> {
    let id = '';
    const isMade = await form.save(async () => {
      const made = await makeConsent(draftOf(form.values));
      id = made.id;
      tell({ message: `${consentName(made)} is in the catalogue. Now write its words: nobody is asked before.` });
      await queryClient.invalidateQueries({ queryKey: ['consents'] });
    });
    if (isMade) await navigate({ to: '/consents/$id', params: { id } });
  }

  return (
    <MakeForm
      form={form}
      make={make}
      label="Put it into the catalogue"
      cancel={() => void navigate({ to: '/consents' })}
    >
      <Stack maw={720} gap="md">
        <About form={form} brands={brands} isLimited={limits !== null} />
        <Title order={2} size="h4" mt="xs">
          How it is asked
        </Title>
        <SettingsForm form={form} purpose={form.values.purpose} disabled={false} />
      </Stack>
    </MakeForm>
  );
}

/** What it is about: that stays as it is made. */
function About({ form, brands, isLimited }: { form: Form<NewValues>; brands: readonly Named[]; isLimited: boolean }) {
  const { purpose, topic, brand } = form.values;
  return (
    <>
      <Radio.Group
        label="Purpose"
        description="What a yes allows. Purpose, topic and brand stay as you choose them now."
        value={purpose}
        error={form.error('purpose')}
        onChange={(value) => {
          const chosen = purposeOf(value);
          if (chosen) form.set('purpose', chosen.value);
        }}
      >
        <Stack gap="xs" mt="xs">
          {consentPurposes.map(({ value, label, allows }) => (
            <Radio key={value} value={value} label={label} description={allows} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput
        label="Topic"
        description={
          topicHints[purpose] ?? 'A part that is asked by itself, for you and your colleagues. Empty: all of it.'
        }
        placeholder={purpose === 'email' || purpose === 'sms' ? 'skincare news' : undefined}
        maxLength={100}
        value={topic}
        error={form.error('topic')}
        onChange={(event) => form.set('topic', event.currentTarget.value)}
      />
      <NativeSelect
        label="Brand"
        description={
          isLimited
            ? 'What all brands ask is for who is limited to none.'
            : 'One that asks it by itself, or all of them at once: then one answer holds at all.'
        }
        data={[
          ...(isLimited ? [] : [{ value: '', label: 'All brands (the umbrella’s)' }]),
          ...brands.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={brand}
        error={form.error('brand')}
        onChange={(event) => form.set('brand', event.currentTarget.value)}
      />
    </>
  );
}

const needsAll = 'Ready rules need a yes to all of it, so leave this empty for them.';
const topicHints: Readonly<Partial<Record<NewValues['purpose'], string>>> = {
  profiling: `A part that is asked by itself. ${needsAll}`,
  enrichment: `A part that is asked by itself. ${needsAll} The likes of a network are asked for on the way there, without an entry here.`,
};
