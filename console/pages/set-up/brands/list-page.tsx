import { Anchor, Button, ColorSwatch, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Column } from '../../../ui/csv.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { ExportButton } from '../../../ui/export-button.tsx';
import { languages } from '../../../ui/languages.ts';
import { ListTable } from '../../../ui/list-table.tsx';
import { Page } from '../../../ui/page.tsx';
import { useMay } from '../../../ui/session.ts';
import { Empty, Failed, Loading } from '../../../ui/states.tsx';
import { day } from '../../../ui/words.ts';
import { type Brand, brandsQuery } from './api.ts';
import { MakeBrand } from './make-brand.tsx';

export const route = createLazyRoute('/brands')({ component: BrandsPage });

const columns: readonly Column<Brand>[] = [
  { name: 'Name', of: (brand) => brand.name },
  { name: 'Short name', of: (brand) => brand.slug },
  { name: 'Id', of: (brand) => brand.id },
  { name: 'Language', of: (brand) => brand.default_language },
  { name: 'Website', of: (brand) => brand.website },
  { name: 'Changed', of: (brand) => brand.updated_at },
];

function BrandsPage() {
  const { data: brands, error, refetch } = useQuery(brandsQuery);
  const [isMaking, setMaking] = useState(false);
  const navigate = useNavigate();
  const may = useMay();
  const make = may('create:brands') ? <Button onClick={() => setMaking(true)}>New brand</Button> : null;
  return (
    <Page
      title="Brands"
      about="The names your customers know. Each has its own look, words and mails; they share one profile per customer."
      actions={
        <>
          <ExportButton name="brands" columns={columns} rows={brands ?? []} />
          {make}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!brands && !error ? <Loading label="Brands are being read" /> : null}
      {brands?.length === 0 ? (
        <Empty title="No brand yet" action={make}>
          A brand gives the sign-in page its name, colours and words. Portals belong to one.
        </Empty>
      ) : null}
      {brands && brands.length > 0 ? <Brands brands={brands} /> : null}
      {isMaking ? (
        <Dialog title="New brand" close={() => setMaking(false)}>
          <MakeBrand
            cancel={() => setMaking(false)}
            done={({ slug }) => void navigate({ to: '/brands/$slug', params: { slug } })}
          />
        </Dialog>
      ) : null}
    </Page>
  );
}

function Brands({ brands }: { brands: readonly Brand[] }) {
  return (
    <ListTable label="Brands" minWidth={520} heads={['Brand', 'Short name', 'Language', 'Changed']}>
      {brands.map((brand) => (
        <tr key={brand.id}>
          <td>
            <Group gap="xs" wrap="nowrap">
              <ColorSwatch color={brand.theme.primary ?? '#2f4b3c'} size={16} aria-hidden />
              <Anchor component={Link} to={`/brands/${brand.slug}`} className="value">
                {brand.name}
              </Anchor>
            </Group>
          </td>
          <td className="value">{brand.slug}</td>
          <td>{languages.find(({ value }) => value === brand.default_language)?.label}</td>
          <td>{day(brand.updated_at)}</td>
        </tr>
      ))}
    </ListTable>
  );
}
