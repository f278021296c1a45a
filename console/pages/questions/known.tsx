import { NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ListTable } from '../../ui/list-table.tsx';
import { useSession } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { date, whole } from '../../ui/words.ts';
import { type Known, knownQuery } from './api.ts';
import { percent } from './figures.ts';
import type { Ground } from './use-ground.ts';

type Attribute = Known['attributes'][number];

/** Of how many customers that is known for which the question asks, over time. */
export function KnownOverTime({
  id,
  own,
  days,
  ground: { brands, catalogue },
}: {
  id: string;
  /** Id of the question's brand; null: it is asked at all. */
  own: string | null;
  days: number;
  ground: Ground;
}) {
  const { brands: limits } = useSession();
  // Who is limited to brands sees theirs, and not what all have together.
  const options = [
    ...(limits === null ? [{ value: '', label: 'All customers' }] : []),
    ...brands.map((brand) => ({ value: brand.id, label: `Customers of ${brand.name}` })),
  ];
  const [chosen, setChosen] = useState<string>();
  const brand = chosen ?? own ?? options[0]?.value;
  const { data, error, refetch } = useQuery({ ...knownQuery(id, days, brand ?? ''), enabled: brand !== undefined });
  const labelOf = (path: string) => catalogue.find((one) => one.path === path)?.labels.en ?? path;
  if (data?.attributes.length === 0) return null;
  return (
    <section aria-label="Known">
      <Title order={2} size="h5" mb="xs">
        How much is known
      </Title>
      {options.length > 1 ? (
        <NativeSelect
          size="xs"
          maw={260}
          mb="sm"
          aria-label="Whose customers"
          data={options}
          value={brand ?? ''}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      ) : null}
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!data && !error && brand !== undefined ? <Loading label="What is known is being read" /> : null}
      <Stack gap="lg">
        {data?.attributes.map((attribute) => (
          <Share key={attribute.path} label={labelOf(attribute.path)} attribute={attribute} />
        ))}
      </Stack>
    </section>
  );
}

function Share({ label, attribute: { days } }: { label: string; attribute: Attribute }) {
  const shares = days.map((one) => (one.customers === 0 ? 0 : one.known / one.customers));
  const [first, last] = [shares[0], shares.at(-1)];
  const today = days.at(-1);
  if (first === undefined || last === undefined || today === undefined) {
    return (
      <Text size="sm" c="dimmed" maw={640}>
        <b className="value">{label}</b>: not counted yet. Each night it is counted of how many customers this is known,
        while the question is live or paused; from the first night on it stands here.
      </Text>
    );
  }
  return (
    <div>
      <Text size="sm" mb={4}>
        <b className="value">{label}</b>: known of {percent(last)} ({whole(today.known)} of {whole(today.customers)})
        {days.length > 1 ? `, ${percent(first)} on ${date(days[0]?.day ?? '')}` : ''}
      </Text>
      {days.length > 1 ? <Line shares={shares} /> : null}
      <details>
        <summary>
          <Text span size="xs">
            Day by day: {label}
          </Text>
        </summary>
        <ListTable label={`Day by day: ${label}`} minWidth={400} heads={['Day', 'Known of', 'Customers', 'Share']}>
          {days.toReversed().map(({ day, known, customers }) => (
            <tr key={day}>
              <td>{date(day)}</td>
              <td className="numbers">{whole(known)}</td>
              <td className="numbers">{whole(customers)}</td>
              <td className="numbers">{customers === 0 ? '–' : percent(known / customers)}</td>
            </tr>
          ))}
        </ListTable>
      </details>
    </div>
  );
}

const [width, height, edge] = [480, 96, 4];

/** A line from 0 % at the foot to 100 % at the top; what it shows stands in the table below it. */
function Line({ shares }: { shares: readonly number[] }) {
  const x = (place: number) => edge + (place / Math.max(1, shares.length - 1)) * (width - 2 * edge);
  const y = (share: number) => edge + (1 - share) * (height - 2 * edge);
  const points = shares.map((share, place) => `${x(place).toFixed(1)},${y(share).toFixed(1)}`).join(' ');
  return (
    <svg className="shares" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      {[0, 0.5, 1].map((share) => (
        <line key={share} x1={edge} x2={width - edge} y1={y(share)} y2={y(share)} />
      ))}
      <polyline points={points} />
    </svg>
  );
}
