import { Button, Grid, Stack, Tabs } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Versioned } from '../../../ui/api.ts';
import { Ask } from '../../../ui/ask.tsx';
import { useForm } from '../../../ui/form.ts';
import { Page } from '../../../ui/page.tsx';
import { SaveBar } from '../../../ui/save-bar.tsx';
import { useMay } from '../../../ui/session.ts';
import { Failed, Loading } from '../../../ui/states.tsx';
import { tell } from '../../../ui/tell.ts';
import { type Brand, brandQuery, changeBrand, removeBrand } from './api.ts';
import { DetailsForm } from './details-form.tsx';
import { Preview } from './preview.tsx';
import { TextsForm } from './texts-form.tsx';
import { ThemeForm } from './theme-form.tsx';
import { draftOf, patchOf, valuesOf } from './values.ts';

export const route = createLazyRoute('/brands/$slug')({ component: BrandPage });

function BrandPage() {
  const { slug } = useParams({ from: '/brands/$slug' });
  const { data, error, refetch } = useQuery(brandQuery(slug));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The brand is being read" />;
  return <Editor key={data.value.id} known={data} reload={async () => (await refetch()).data} />;
}

type Reload = () => Promise<Versioned<Brand> | undefined>;

function Editor({ known, reload }: { known: Versioned<Brand>; reload: Reload }) {
  const brand = known.value;
  const form = useForm(valuesOf(brand));
  const [asks, setAsks] = useState(false);
  const may = useMay();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const disabled = !may('update:brands');
  const { values } = form;

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      const version = overwrite ? undefined : known.version;
      await changeBrand(brand.id, patchOf(form.changes), version);
      await Promise.all([reload(), queryClient.invalidateQueries({ queryKey: ['brands'] })]);
    });
    if (isSaved) tell({ message: `${values.name} is saved. Customers see it at once.` });
  }

  async function showTheirs(): Promise<void> {
    const theirs = await reload();
    if (theirs) form.reset(valuesOf(theirs.value));
  }

  return (
    <Page
      title={brand.name}
      about={`Short name ${brand.slug}`}
      actions={
        may('delete:brands') ? (
          <Button variant="default" onClick={() => setAsks(true)}>
            Remove
          </Button>
        ) : null
      }
    >
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
            }}
          >
            <Stack gap="lg">
              <Tabs defaultValue="look">
                <Tabs.List>
                  <Tabs.Tab value="look">Look</Tabs.Tab>
                  <Tabs.Tab value="texts">Texts</Tabs.Tab>
                  <Tabs.Tab value="details">Name, links and mails</Tabs.Tab>
                </Tabs.List>
                <Tabs.Panel value="look" pt="md">
                  <ThemeForm
                    theme={values.theme}
                    set={(theme) => form.set('theme', theme)}
                    error={form.error('theme')}
                    disabled={disabled}
                  />
                </Tabs.Panel>
                <Tabs.Panel value="texts" pt="md">
                  <TextsForm
                    texts={values.texts}
                    speaks={values.default_language}
                    set={(texts) => form.set('texts', texts)}
                    error={form.error('texts')}
                    disabled={disabled}
                  />
                </Tabs.Panel>
                <Tabs.Panel value="details" pt="md">
                  <DetailsForm form={form} disabled={disabled} />
                </Tabs.Panel>
              </Tabs>
              {disabled ? null : (
                <SaveBar form={form} save={(overwrite) => void save(overwrite)} reload={() => void showTheirs()} />
              )}
            </Stack>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Preview draft={draftOf(brand.id, values)} speaks={values.default_language} />
        </Grid.Col>
      </Grid>
      {asks ? (
        <Ask
          title={`Remove ${brand.name}?`}
          yes="Remove the brand"
          typed={brand.slug}
          close={() => setAsks(false)}
          act={async () => {
            await removeBrand(brand.id);
            await queryClient.invalidateQueries({ queryKey: ['brands'] });
            form.reset();
            await navigate({ to: '/brands', ignoreBlocker: true });
          }}
        >
          Its look, words and mail sender are gone for good. What customers told this brand stays in their profiles. A
          brand that still has portals is not removed.
        </Ask>
      ) : null}
    </Page>
  );
}
