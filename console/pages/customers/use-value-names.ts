import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../ui/session.ts';
import { attributesQuery, libraryValuesQuery } from './api.ts';
import { type Known, nameOfPath } from './value-names.ts';

/** What is known of the paths of values, as far as the role may read it; and what each is called by that. */
export function useValueNames(): Known & { readonly nameOf: (path: string) => string } {
  const may = useMay();
  const { data: catalogue = [] } = useQuery({ ...attributesQuery, enabled: may('read:attributes') });
  const { data: library = [] } = useQuery(libraryValuesQuery);
  return { catalogue, library, nameOf: (path) => nameOfPath(path, { catalogue, library }) };
}
