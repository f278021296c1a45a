import { Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { BrandName } from '../../ui/brand-names.ts';
import { useForm } from '../../ui/form.ts';
import { Refused } from '../../ui/refused.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { changeStore, makeStore, type Store, storesQuery } from './api.ts';

const zones = Intl.supportedValuesOf('timeZone');

/** All zones; also one that goes by an older name, or `UTC`, which no list has. */
const zonesWith = (zone: string) => (zones.includes(zone) ? zones : [zone, ...zones]);
const currencies = Intl.supportedValuesOf('currency');

type Values = {
  brand: string;
  name: string;
  time_zone: string;
  currency: string;
  latitude: string;
  longitude: string;
};

function valuesOf({ brand, name, time_zone, currency, position }: Store): Values {
  const [latitude, longitude] = [position?.latitude, position?.longitude].map((part) => String(part ?? ''));
  return { brand, name, time_zone, currency, latitude: latitude ?? '', longitude: longitude ?? '' };
}

/** A store: made when none is given, else changed. */
export function StoreForm({
  store,
  brands,
  done,
}: {
  store: Store | undefined;
  brands: readonly BrandName[];
  done: () => void;
}) {
  const client = useQueryClient();
  const [seen, setSeen] = useState(store);
  const form = useForm<Values>(
    store
      ? valuesOf(store)
      : {
          brand: brands[0]?.id ?? '',
          name: '',
          time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
          currency: 'EUR',
          latitude: '',
          longitude: '',
        },
  );
  const { values } = form;

  async function save(overwrite: boolean): Promise<void> {
    const { brand, latitude, longitude, ...plain } = values;
    const isSaved = await form.save(async () => {
      const details = { ...plain, position: positionOf(latitude, longitude) };
      if (!seen) return makeStore({ brand, ...details });
      return changeStore(seen.id, { ...details, ...(!overwrite && { if_version: seen.version }) });
    });
    if (!isSaved) return;
    await client.invalidateQueries({ queryKey: ['stores'] });
    done();
  }

  async function showTheirs(): Promise<void> {
    const stores = await client.fetchQuery({ ...storesQuery, staleTime: 0 });
    const theirs = stores.find(({ id }) => id === seen?.id);
    if (!theirs) return done();
    setSeen(theirs);
    form.reset(valuesOf(theirs));
  }

  const typed = (name: keyof Values) => ({
    value: values[name],
    error: form.error(name),
    onChange: (event: { currentTarget: { value: string } }) => form.set(name, event.currentTarget.value),
  });
  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      <Stack gap="md">
        <NativeSelect
          label="Brand"
          disabled={seen !== undefined}
          data={brands.map(({ id, name }) => ({ value: id, label: name }))}
          {...typed('brand')}
        />
        <TextInput label="Name" required data-autofocus maxLength={200} {...typed('name')} />
        <NativeSelect label="Time zone" data={zonesWith(values.time_zone)} {...typed('time_zone')} />
        <NativeSelect label="Currency" data={currencies} {...typed('currency')} />
        <Group grow align="flex-start">
          <TextInput
            label="Latitude"
            description="In degrees, such as 48.8566."
            inputMode="decimal"
            maxLength={30}
            {...typed('latitude')}
          />
          <TextInput
            label="Longitude"
            description="East is more than 0: 2.3522."
            inputMode="decimal"
            maxLength={30}
            {...typed('longitude')}
          />
        </Group>
        <SaveBar
          form={form}
          save={(overwrite) => void save(overwrite)}
          reload={() => void showTheirs()}
          label={seen ? 'Save' : 'Make the store'}
        />
      </Stack>
    </form>
  );
}

/** Where the store is; null: that is not known. Throws Refused about `latitude` or `longitude`. */
function positionOf(latitude: string, longitude: string): Store['position'] {
  if (latitude.trim() === '' && longitude.trim() === '') return null;
  return { latitude: degreesOf('latitude', latitude, 90), longitude: degreesOf('longitude', longitude, 180) };
}

function degreesOf(field: 'latitude' | 'longitude', text: string, most: number): number {
  const degrees = Number(text.trim().replace(',', '.'));
  if (text.trim() !== '' && Math.abs(degrees) <= most) return degrees;
  throw new Refused(field, `A number from -${most} to ${most}, or leave both empty.`);
}
