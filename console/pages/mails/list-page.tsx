import { Badge, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { MailKind, MailTemplateLine } from '../../../contract/mail-templates.ts';
import type { Column } from '../../ui/csv.ts';
import { ExportButton } from '../../ui/export-button.tsx';
import { languages } from '../../ui/languages.ts';
import { Page } from '../../ui/page.tsx';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { type BrandName, brandsQuery, kindsQuery, replacedQuery } from './api.ts';

export const route = createLazyRoute('/mails')({ component: MailsPage });

/** Which mails this brand has in words of its own, by language. */
function columnsOf(brand: BrandName, replaced: readonly MailTemplateLine[]): readonly Column<MailKind>[] {
  return [
    { name: 'Mail', of: ({ kind }) => kind },
    { name: 'About', of: ({ about }) => about },
    ...languages.map(({ value, label }) => ({
      name: label,
      of: ({ kind }: MailKind) => (isReplaced(replaced, { brand: brand.id, kind, language: value }) ? 'own' : ''),
    })),
  ];
}

function isReplaced(
  replaced: readonly MailTemplateLine[],
  { brand, kind, language }: Omit<MailTemplateLine, 'updated_at'>,
) {
  return replaced.some((one) => one.brand === brand && one.kind === kind && one.language === language);
}

function MailsPage() {
  const { brand: slug } = useSearch({ from: '/mails' });
  const navigate = useNavigate({ from: '/mails' });
  const brands = useQuery(brandsQuery);
  const kinds = useQuery(kindsQuery);
  const replaced = useQuery(replacedQuery);
  const error = brands.error ?? kinds.error ?? replaced.error;
  const retry = () => void Promise.all([brands.refetch(), kinds.refetch(), replaced.refetch()]);
  const isPending = brands.isPending || kinds.isPending || replaced.isPending;
  const brand = brands.data?.find((one) => one.slug === slug) ?? brands.data?.[0];
  return (
    <Page
      title="Mails"
      about="Every mail that customers get. Each is written by us in four languages; replace it by your own words and look where you like."
      actions={
        brand ? (
          <ExportButton name="mails" columns={columnsOf(brand, replaced.data ?? [])} rows={kinds.data?.kinds ?? []} />
        ) : null
      }
    >
      {error ? <Failed error={error} retry={retry} /> : null}
      {isPending && !error ? <Loading label="Mails are being read" /> : null}
      {brands.data?.length === 0 ? (
        <Empty title="No brand yet">Mails are sent by a brand: make one first.</Empty>
      ) : null}
      {brand && kinds.data && replaced.data ? (
        <>
          <NativeSelect
            label="Brand"
            maw={320}
            data={(brands.data ?? []).map((one) => ({ value: one.slug, label: one.name }))}
            value={brand.slug}
            onChange={(event) => void navigate({ search: { brand: event.currentTarget.value }, replace: true })}
          />
          <Kinds kinds={kinds.data.kinds} brand={brand} replaced={replaced.data} />
        </>
      ) : null}
    </Page>
  );
}

function Kinds({
  kinds,
  brand,
  replaced,
}: {
  kinds: readonly MailKind[];
  brand: BrandName;
  replaced: readonly MailTemplateLine[];
}) {
  return (
    <Stack component="ul" gap={0} className="kinds">
      {kinds.map(({ kind, about }) => (
        <Group key={kind} component="li" justify="space-between" gap="xs" py="xs">
          <div>
            <Text size="sm">{about}</Text>
            <Text size="xs" c="dimmed" className="value">
              {kind}
            </Text>
          </div>
          <Group gap={6}>
            {languages.map(({ value, label }) => {
              const isOwn = isReplaced(replaced, { brand: brand.id, kind, language: value });
              return (
                <Badge
                  key={value}
                  component={Link}
                  to={`/mails/${brand.slug}/${kind}/${value}`}
                  variant={isOwn ? 'filled' : 'default'}
                  className="clickable"
                  size="lg"
                  aria-label={`${label}${isOwn ? ' · own' : ''}: ${about}`}
                >
                  {label}
                  {isOwn ? ' · own' : ''}
                </Badge>
              );
            })}
          </Group>
        </Group>
      ))}
    </Stack>
  );
}
