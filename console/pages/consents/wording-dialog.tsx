import { Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { WordingTexts } from '../../../contract/consents.ts';
import type { Versioned } from '../../ui/api.ts';
import type { BrandName } from '../../ui/brand-names.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useForm } from '../../ui/form.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { draftWording, redraftWording, type Wording, wordingQuery } from './api.ts';
import { textsOf, typedOf } from './texts.ts';
import { TextsForm } from './texts-form.tsx';

type Shared = {
  readonly consent: string;
  readonly brand: Pick<BrandName, 'name' | 'default_language'> | undefined;
  /** After it was written. */
  readonly written: () => Promise<unknown>;
  readonly close: () => void;
};

/** A new version, begun with the words of another one. */
export function NewWording({ from, ...shared }: Shared & { from: WordingTexts }) {
  const { consent, brand, written, close } = shared;
  const form = useForm({ version: '', texts: typedOf(from) });

  async function save(): Promise<void> {
    const version = form.values.version.trim();
    let made: Wording | undefined;
    const isSaved = await form.save(async () => {
      const texts = textsOf(form.values.texts);
      made = await draftWording(consent, { texts, ...(version !== '' && { version }) });
      await written();
    });
    if (!isSaved || !made) return;
    tell({ message: `Version ${made.version} is written, as a draft: nobody reads it before it is published.` });
    close();
  }

  return (
    <Dialog size="lg" title="New version" close={close}>
      <form noValidate onSubmit={(event) => event.preventDefault()}>
        <Stack gap="md">
          <TextsForm
            texts={form.values.texts}
            set={(texts) => form.set('texts', texts)}
            errorAt={form.errorAt}
            brand={brand}
          />
          <TextInput
            label="Name of the version"
            description="Letters, digits, “.”, “_” and “-”, such as 2026-11. Empty: the next number."
            maxLength={40}
            maw={320}
            value={form.values.version}
            error={form.error('version')}
            onChange={(event) => form.set('version', event.currentTarget.value)}
          />
          <SaveBar form={form} save={() => void save()} reload={() => undefined} label="Save the draft" />
        </Stack>
      </form>
    </Dialog>
  );
}

/** A draft, to be changed as it is there now. */
export function ChangeWording({ version, ...shared }: Shared & { version: string }) {
  const { data, error, refetch } = useQuery(wordingQuery(shared.consent, version));
  return (
    <Dialog size="lg" title={`Version ${version}`} close={shared.close}>
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading label="The draft is being read" /> : null}
      {data ? <Editor {...shared} known={data} reload={async () => (await refetch()).data} /> : null}
    </Dialog>
  );
}

function Editor({
  consent,
  brand,
  written,
  close,
  known,
  reload,
}: Shared & { known: Versioned<Wording>; reload: () => Promise<Versioned<Wording> | undefined> }) {
  const { version, texts } = known.value;
  const form = useForm({ texts: typedOf(texts) });

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      await redraftWording(consent, version, textsOf(form.values.texts), overwrite ? undefined : known.version);
      await written();
    });
    if (!isSaved) return;
    tell({ message: `Version ${version} is saved; it is still a draft.` });
    close();
  }

  async function showTheirs(): Promise<void> {
    const theirs = await reload();
    if (theirs) form.reset({ texts: typedOf(theirs.value.texts) });
  }

  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      <Stack gap="md">
        <TextsForm
          texts={form.values.texts}
          set={(next) => form.set('texts', next)}
          errorAt={form.errorAt}
          brand={brand}
        />
        <SaveBar
          form={form}
          save={(overwrite) => void save(overwrite)}
          reload={() => void showTheirs()}
          label="Save the draft"
        />
      </Stack>
    </form>
  );
}
