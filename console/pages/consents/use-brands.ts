import { useQuery } from '@tanstack/react-query';
import { type BrandName, brandNamesQuery } from '../../ui/brand-names.ts';
import { useMay, useSession } from '../../ui/session.ts';

/** The brands that the role may read. */
export function useBrands(): readonly BrandName[] {
  const may = useMay();
  const { data = [] } = useQuery({ ...brandNamesQuery, enabled: may('read:brands') });
  return data;
}

/** What the brand of a consent is called: of none it is asked at all of them. */
export function useBrandName(): (id: string | null) => string {
  const brands = useBrands();
  return (id) => (id === null ? 'All brands' : (brands.find((one) => one.id === id)?.name ?? 'One brand'));
}

/** May they do this with a consent of this brand? What all brands share, who is limited to some does not change. */
export function useMayChange(): (scope: string, brand: string | null) => boolean {
  const may = useMay();
  const { brands } = useSession();
  return (scope, brand) => may(scope) && (brand !== null || brands === null);
}
