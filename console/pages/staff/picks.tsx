import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../ui/session.ts';
import { brandsQuery, rolesQuery, storesQuery } from './api.ts';

type Pick = { value: readonly string[]; set: (ids: string[]) => void; error?: string | undefined; disabled?: boolean };

/** Which roles somebody has. */
export function RolePick({ value, set, error, disabled = false }: Pick) {
  const may = useMay();
  const { data = [] } = useQuery({ ...rolesQuery, enabled: may('read:staff_roles') });
  return (
    <MultiSelect
      label="Roles"
      description="What each lets somebody see and do. Several add up; what one of them hides stays hidden."
      data={data.map(({ id, name }) => ({ value: id, label: name }))}
      value={[...value]}
      onChange={set}
      error={error}
      disabled={disabled}
      searchable
    />
  );
}

/** Which brands; nothing chosen: all of them. */
export function BrandPick({
  value,
  set,
  error,
  disabled = false,
  about = 'Only customers who were at one of these. None chosen: all brands.',
}: {
  value: readonly string[] | null;
  set: (ids: string[] | null) => void;
  error?: string | undefined;
  disabled?: boolean;
  about?: string;
}) {
  const may = useMay();
  const { data = [] } = useQuery({ ...brandsQuery, enabled: may('read:brands') });
  return (
    <MultiSelect
      label="Brands"
      description={about}
      placeholder={value === null ? 'All brands' : ''}
      data={data.map(({ id, name }) => ({ value: id, label: name }))}
      value={[...(value ?? [])]}
      onChange={(ids) => set(ids.length === 0 ? null : ids)}
      error={error}
      disabled={disabled}
    />
  );
}

/** Where they work. */
export function StorePick({ value, set, error, disabled = false }: Pick) {
  const may = useMay();
  const { data = [] } = useQuery({ ...storesQuery, enabled: may('read:stores') });
  if (data.length === 0) return null;
  return (
    <MultiSelect
      label="Stores"
      description="Where they work."
      data={data.map(({ id, name }) => ({ value: id, label: name }))}
      value={[...value]}
      onChange={set}
      error={error}
      disabled={disabled}
      searchable
    />
  );
}
