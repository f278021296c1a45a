import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../ui/session.ts';
import { brandsQuery } from './api.ts';

/** What the brand of a question is called: of none it is at all of them. */
export function useBrandName(): (id: string | null) => string {
  const may = useMay();
  const { data } = useQuery({ ...brandsQuery, enabled: may('read:brands') });
  return (id) => (id === null ? 'All brands' : (data?.find((one) => one.id === id)?.name ?? 'One brand'));
}
