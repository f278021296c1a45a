import { Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { kindsQuery } from './api.ts';

/** What this mail can show, and how it is written. */
export function Values({ kind }: { kind: string }) {
  const { data } = useQuery(kindsQuery);
  const own = data?.kinds.find((one) => one.kind === kind);
  if (!data || !own) return null;
  const needed: readonly string[] = own.must_show;
  return (
    <section aria-label="What this mail can show">
      <Text size="sm" fw={600} mb={4}>
        What this mail can show
      </Text>
      <table className="table">
        <tbody>
          {[...own.values, ...data.common_values].map(({ name, about }) => (
            <tr key={name}>
              <td className="unbroken">
                <Code>{`{{ ${name} }}`}</Code>
              </td>
              <td>
                {about}
                {needed.includes(name) ? <b> (must be shown)</b> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Text size="xs" c="dimmed" mt="xs">
        Between them may stand {'{% if brand %} … {% else %} … {% endif %}'}, {'{% unless %}'} and {'{% case %}'}, and
        the filters append, prepend, capitalize, upcase, downcase, default, strip and truncate.
      </Text>
    </section>
  );
}
