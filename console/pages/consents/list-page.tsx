import { Anchor, Badge, Button, Group, NativeSelect } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useSearch } from '@tanstack/react-router';
import { consentName, consentPurposes } from '../../ui/consent-purposes.ts';
import type { Column } from '../../ui/csv.ts';
import { ExportAll } from '../../ui/export-all.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Empty, Failed, Loading, NotAllowed } from '../../ui/states.tsx';
import { type Consent, consentsFrom, consentsQuery } from './api.ts';
import type { Asked } from './asked.ts';
import { askedWhen } from './asked-when.ts';
import { WordsStanding } from './standing.tsx';
import { NewConsent, Teach } from './teach.tsx';
import { useBrandName, useBrands } from './use-brands.ts';

export const route = createLazyRoute('/consents')({ component: ConsentsPage });

const columnsBy = (brandName: (id: string | null) => string): readonly Column<Consent>[] => [
  { name: 'Purpose', of: ({ purpose }) => purpose },
  { name: 'Topic', of: ({ topic }) => topic },
  { name: 'Brand', of: ({ brand }) => brandName(brand) },
  { name: 'Required', of: ({ required }) => required },
  { name: 'Asked', of: askedWhen },
  { name: 'Confirmed by mail', of: (consent) => consent.double_opt_in },
  { name: 'Minimum age', of: (consent) => consent.minimum_age },
  { name: 'Version in force', of: ({ version }) => version },
  { name: 'Drafts', of: ({ drafts }) => drafts.join(' ') },
  { name: 'Id', of: ({ id }) => id },
];

function ConsentsPage() {
  const may = useMay();
  const about =
    'What customers may allow or refuse: purposes and topics, the words in which they are asked, and when. Without a yes nothing is done that needs one.';
  return may('read:consents') ? (
    <List about={about} mayMake={may('create:consents')} />
  ) : (
    <Page title="Consents" about={about}>
      <NotAllowed />
    </Page>
  );
}

function List({ about, mayMake }: { about: string; mayMake: boolean }) {
  const asked = useSearch({ from: '/consents' });
  const navigate = useNavigate({ from: '/consents' });
  const found = useInfiniteQuery({ ...consentsQuery(asked), placeholderData: keepPreviousData });
  const brandName = useBrandName();
  const consents = found.data?.pages.flatMap((page) => page.consents) ?? [];
  const isFiltered = asked.brand !== undefined || asked.purpose !== undefined;
  const isEmpty = found.isSuccess && consents.length === 0;
  return (
    <Page
      title="Consents"
      about={about}
      actions={
        <>
          <ExportAll
            name="consents"
            columns={columnsBy(brandName)}
            read={(from, signal) => consentsFrom(asked, from, signal)}
            disabled={consents.length === 0}
          />
          {mayMake ? <NewConsent /> : null}
        </>
      }
    >
      {isEmpty && !isFiltered ? null : (
        <Filters
          asked={asked}
          change={(part) => {
            const next = Object.entries({ ...asked, ...part }).filter(([, value]) => value !== undefined);
            void navigate({ search: Object.fromEntries(next), replace: true });
          }}
        />
      )}
      {found.error ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Loading label="Consents are being read" /> : null}
      {isEmpty && !isFiltered ? <Teach mayMake={mayMake} /> : null}
      {isEmpty && isFiltered ? (
        <Empty
          title="No such consent"
          action={
            <Button variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
              Show all
            </Button>
          }
        >
          The catalogue has none of this brand and purpose.
        </Empty>
      ) : null}
      {consents.length > 0 ? <Consents consents={consents} brandName={brandName} /> : null}
      <MoreButton list={found} />
    </Page>
  );
}

function Filters({ asked, change }: { asked: Asked; change: (part: Asked) => void }) {
  const brands = useBrands();
  return (
    <Group gap="xs" align="flex-end">
      <NativeSelect
        label="Brand"
        value={asked.brand ?? ''}
        data={[
          { value: '', label: 'Any' },
          { value: 'umbrella', label: 'All brands (the umbrella’s)' },
          ...brands.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(event) => change({ brand: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label="Purpose"
        value={asked.purpose ?? ''}
        data={[{ value: '', label: 'Any' }, ...consentPurposes.map(({ value, label }) => ({ value, label }))]}
        onChange={(event) => change({ purpose: event.currentTarget.value || undefined })}
      />
    </Group>
  );
}

function Consents({ consents, brandName }: { consents: readonly Consent[]; brandName: (id: string | null) => string }) {
  return (
    <ListTable label="Consents" minWidth={760} heads={['Consent', 'Brand', 'Words', 'Asked']}>
      {consents.map((consent) => (
        <tr key={consent.id}>
          <td>
            <Group gap="xs">
              <Anchor component={Link} to={`/consents/${consent.id}`} size="sm" className="value">
                {consentName(consent)}
              </Anchor>
              {consent.required ? <Badge color="yellow.9">Required</Badge> : null}
            </Group>
          </td>
          <td>{brandName(consent.brand)}</td>
          <td>
            <WordsStanding consent={consent} />
          </td>
          <td>{askedWhen(consent)}</td>
        </tr>
      ))}
    </ListTable>
  );
}
