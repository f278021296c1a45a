import { Fieldset, SegmentedControl, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { brandNamesQuery } from '../../ui/brand-names.ts';
import { PickList } from '../../ui/pick-list.tsx';
import { Problem } from '../../ui/save-bar.tsx';
import { useMay } from '../../ui/session.ts';
import { rolesQuery, storesQuery } from './api.ts';

type Pick = { value: readonly string[]; set: (ids: string[]) => void; error?: string | undefined; disabled?: boolean };

/** Which roles somebody has. */
export function RolePick({ value, set, error, disabled = false }: Pick) {
  const may = useMay();
  const { data = [] } = useQuery({ ...rolesQuery, enabled: may('read:staff_roles') });
  return (
    <PickList
      label="Roles"
      description="What each lets somebody see and do. Several add up; what one of them hides stays hidden."
      data={data.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={set}
      error={error}
      disabled={disabled}
    />
  );
}

/** Which brands: all of them, or only those that are chosen; none chosen is none. */
export function BrandPick({
  value,
  set,
  error,
  disabled = false,
  about = 'Only customers who were at one of these.',
}: {
  value: readonly string[] | null;
  set: (ids: string[] | null) => void;
  error?: string | undefined;
  disabled?: boolean;
  about?: string;
}) {
  const may = useMay();
  const { data } = useQuery({ ...brandNamesQuery, enabled: may('read:brands') });
  const only = value ?? [];
  // What a brand that is gone, or that they do not see, is called is not known; to stay in the list it must be there.
  const others = only.filter((id) => !data?.some((one) => one.id === id));
  return (
    <Fieldset legend="Brands" disabled={disabled}>
      <Stack gap="xs">
        <SegmentedControl
          aria-label="Brands"
          data={[
            { value: 'all', label: 'All brands' },
            { value: 'only', label: 'Only these' },
          ]}
          value={value === null ? 'all' : 'only'}
          onChange={(next) => set(next === 'all' ? null : [])}
          disabled={disabled}
        />
        {value === null ? null : (
          <PickList
            label="Only these"
            description={only.length === 0 ? 'None chosen: nobody of any brand.' : about}
            data={[
              ...(data ?? []).map(({ id, name }) => ({ value: id, label: name })),
              ...others.map((id) => ({ value: id, label: data ? 'A brand you do not see' : 'A brand' })),
            ]}
            value={only}
            onChange={set}
            disabled={disabled}
          />
        )}
        {error === undefined ? null : <Problem text={error} />}
      </Stack>
    </Fieldset>
  );
}

/** Where they work. */
export function StorePick({ value, set, error, disabled = false }: Pick) {
  const may = useMay();
  const { data = [] } = useQuery({ ...storesQuery, enabled: may('read:stores') });
  if (data.length === 0) return null;
  return (
    <PickList
      label="Stores"
      description="Where they work."
      data={data.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={set}
      error={error}
      disabled={disabled}
    />
  );
}
