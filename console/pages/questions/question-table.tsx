import { Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { OrderedTable } from '../../ui/ordered-table.tsx';
import { useMay, useSession } from '../../ui/session.ts';
import { useOrder } from '../../ui/use-order.ts';
import { day, moment, whole } from '../../ui/words.ts';
import { briefsQuery, orderQuestions, type Question, questionsQuery } from './api.ts';
import { useBrandName } from './brand-name.ts';
import { percent } from './figures.ts';
import { StateSwitch } from './state-switch.tsx';

/** Questions in the order in which they are asked. */
export function QuestionTable({ questions }: { questions: readonly Question[] }) {
  const may = useMay();
  const { brands: limits } = useSession();
  const { queryKey } = questionsQuery;
  const queryClient = useQueryClient();
  const order = useOrder(questions, { save: orderQuestions, queryKey });
  const briefs = useQuery(briefsQuery);
  const resultOf = (id: string) => {
    if (!briefs.data) return '–';
    const { shown, answered } = briefs.data.find(({ question }) => question === id) ?? { shown: 0, answered: 0 };
    return shown === 0 ? 'Nobody asked' : `${whole(shown)} asked, ${percent(answered / shown)} answer`;
  };
  const brandName = useBrandName();
  return (
    <OrderedTable
      label="Questions"
      order={order}
      // Who sees some of them cannot put all in an order.
      mayMove={may('update:questions') && limits === null}
      minWidth={860}
      heads={['Question', 'Brand', 'When', 'State', 'Last 30 days', '']}
      row={(question) => (
        <>
          <td>
            <Anchor component={Link} to={`/questions/${question.id}`} className="value">
              {question.name}
            </Anchor>
            {question.fault ? <Fault fault={question.fault} /> : null}
          </td>
          <td>{brandName(question.brand)}</td>
          <td>{scheduleOf(question)}</td>
          <td>
            <StateSwitch question={question} changed={() => queryClient.invalidateQueries({ queryKey })} />
          </td>
          <td className="numbers">{resultOf(question.id)}</td>
          <td>
            {may('create:questions') ? (
              <Button
                component={Link}
                to={`/questions/new?copy=${question.id}`}
                size="xs"
                variant="default"
                aria-label={`Copy ${question.name}`}
              >
                Copy
              </Button>
            ) : null}
          </td>
        </>
      )}
    />
  );
}

/** Its condition could not be evaluated: the sign-in went on unasked. */
function Fault({ fault }: { fault: NonNullable<Question['fault']> }) {
  return (
    <Group gap={6} wrap="nowrap" mt={4}>
      <Badge color="red.9" size="sm">
        Fault
      </Badge>
      <Text size="xs" className="value">
        {moment(fault.at)}: {fault.message}
      </Text>
    </Group>
  );
}

function scheduleOf({ starts_at, ends_at }: Question): string {
  if (starts_at === null) return ends_at === null ? 'Always' : `Until ${day(ends_at)}`;
  return ends_at === null ? `From ${day(starts_at)}` : `${day(starts_at)} – ${day(ends_at)}`;
}
