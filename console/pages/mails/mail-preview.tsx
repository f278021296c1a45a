import { Code, Stack, Tabs, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { MailTemplateDraft } from '../../../contract/mail-templates.ts';
import { MailFrame } from '../../ui/mail-frame.tsx';
import { refusalOf } from '../../ui/refusal.ts';
import { Loading } from '../../ui/states.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { previewQuery, type Which } from './api.ts';

/** The mail as a customer could get it, by what is not saved yet; made by the server. */
export function MailPreview({ which, draft }: { which: Which; draft: MailTemplateDraft }) {
  const asked = useSettled(draft, 400);
  const { data, error, isPending } = useQuery({ ...previewQuery(which, asked), placeholderData: keepPreviousData });
  return (
    <Stack gap="xs" component="section" aria-label="Preview">
      {error ? (
        <Text size="sm" role="status" c="var(--mantine-color-error)">
          It would be refused ({refusalOf(error).field ?? 'template'}): {refusalOf(error).text}
        </Text>
      ) : null}
      {isPending && !error ? <Loading label="The preview is being made" /> : null}
      {data ? (
        <>
          <Text fw={600} className="value">
            {data.subject}
          </Text>
          <Tabs defaultValue="html">
            <Tabs.List>
              <Tabs.Tab value="html">With look</Tabs.Tab>
              <Tabs.Tab value="text">Plain text</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="html" pt="sm">
              <MailFrame html={data.html} title="Preview of the mail" />
            </Tabs.Panel>
            <Tabs.Panel value="text" pt="sm">
              <Code block tabIndex={0} aria-label="Plain text of the mail" className="wrapped">
                {data.text}
              </Code>
            </Tabs.Panel>
          </Tabs>
        </>
      ) : null}
    </Stack>
  );
}
