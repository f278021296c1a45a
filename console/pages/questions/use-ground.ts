import { useQuery } from '@tanstack/react-query';
import type { Field } from '../../ui/condition-fields.ts';
import { useMay } from '../../ui/session.ts';
import { type Attribute, attributesQuery, type BrandName, brandsQuery, portalsQuery } from './api.ts';
import { conditionFields } from './condition-fields.ts';

/** On what questions are built, as far as the role may read it. */
export type Ground = {
  readonly catalogue: readonly Attribute[];
  readonly brands: readonly BrandName[];
  readonly portals: readonly { readonly client_id: string; readonly name: string }[];
  /** What conditions look at. */
  readonly fields: readonly Field[];
};

export function useGround(): Ground {
  const may = useMay();
  const { data: catalogue = [] } = useQuery({ ...attributesQuery, enabled: may('read:attributes') });
  const { data: brands = [] } = useQuery({ ...brandsQuery, enabled: may('read:brands') });
  const { data: portals = [] } = useQuery({ ...portalsQuery, enabled: may('read:clients') });
  return { catalogue, brands, portals, fields: conditionFields({ catalogue, brands, portals }) };
}
