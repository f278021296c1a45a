import { Badge, Button, Grid, Group, Stack, Tabs, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { MailTemplate } from '../../../contract/mail-templates.ts';
import type { Versioned } from '../../ui/api.ts';
import { Ask } from '../../ui/ask.tsx';
import { useForm } from '../../ui/form.ts';
import { languages } from '../../ui/languages.ts';
import { Page } from '../../ui/page.tsx';
import { refusalOf } from '../../ui/refusal.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { kindsQuery, removeTemplate, saveTemplate, sendTest, templateQuery, type Which } from './api.ts';
import { CodeBox } from './code-box.tsx';
import { MailPreview } from './mail-preview.tsx';
import { Values } from './values.tsx';

export const route = createLazyRoute('/mails/$brand/$kind/$language')({ component: TemplatePage });

function TemplatePage() {
  const which = useParams({ from: '/mails/$brand/$kind/$language' });
  const { data, error, refetch } = useQuery(templateQuery(which));
  const kinds = useQuery(kindsQuery);
  const failed = error ?? kinds.error;
  if (failed) return <Failed error={failed} retry={() => void Promise.all([refetch(), kinds.refetch()])} />;
  if (!data || !kinds.data) return <Loading label="The mail is being read" />;
  const reload = async () => (await refetch()).data;
  return <Editor key={JSON.stringify(which)} which={which} known={data} reload={reload} />;
}

type Known = Versioned<MailTemplate>;

function Editor({ which, known, reload }: { which: Which; known: Known; reload: () => Promise<Known | undefined> }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const kind = useQuery(kindsQuery).data?.kinds.find((one) => one.kind === which.kind);
  const form = useForm(draftOf(known.value));
  const [asks, setAsks] = useState(false);
  const { values } = form;
  const readOnly = !may('update:mail_templates');
  const test = useMutation({
    mutationFn: () => sendTest(which, values),
    onSuccess: ({ to }) => tell({ message: `A test is on its way to ${to}.` }),
    onError: (error) => tell({ color: 'red', message: refusalOf(error).text }),
  });
  const changed = () => Promise.all([reload(), queryClient.invalidateQueries({ queryKey: ['mail-templates'] })]);

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      await saveTemplate(which, values, overwrite ? undefined : known.version);
      await changed();
    });
    if (isSaved) tell({ message: 'Saved. The next of these mails is written by it.' });
  }

  async function showTheirs(): Promise<void> {
    const theirs = await reload();
    if (theirs) form.reset(draftOf(theirs.value));
  }

  return (
    <Page
      title={kind?.about ?? which.kind}
      about={
        known.value.is_own ? 'Your own words replace ours.' : 'Ours, as a template: change it to make it your own.'
      }
      actions={
        <>
          {readOnly ? null : (
            <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
              Send me a test
            </Button>
          )}
          {known.value.is_own && may('delete:mail_templates') ? (
            <Button variant="default" onClick={() => setAsks(true)}>
              Back to ours
            </Button>
          ) : null}
        </>
      }
    >
      <Languages which={which} />
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <form noValidate onSubmit={(event) => event.preventDefault()}>
            <Stack gap="md">
              <TextInput
                label="Subject"
                value={values.subject}
                readOnly={readOnly}
                maxLength={300}
                error={form.error('subject')}
                onChange={(event) => form.set('subject', event.currentTarget.value)}
              />
              <Tabs defaultValue="html" keepMounted={false}>
                <Tabs.List>
                  <Tabs.Tab value="html">With look (HTML)</Tabs.Tab>
                  <Tabs.Tab value="text">Plain text</Tabs.Tab>
                </Tabs.List>
                {(['html', 'text'] as const).map((part) => (
                  <Tabs.Panel key={part} value={part} pt="sm">
                    <CodeBox
                      label={part === 'html' ? 'HTML of the mail' : 'Plain text of the mail'}
                      isHtml={part === 'html'}
                      value={values[part]}
                      edition={form.edition}
                      readOnly={readOnly}
                      error={form.error(part)}
                      onChange={(value) => form.set(part, value)}
                    />
                  </Tabs.Panel>
                ))}
              </Tabs>
              {readOnly ? null : (
                <SaveBar form={form} save={(overwrite) => void save(overwrite)} reload={() => void showTheirs()} />
              )}
              <Values kind={which.kind} />
            </Stack>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <MailPreview which={which} draft={values} />
        </Grid.Col>
      </Grid>
      {asks ? (
        <Ask
          title="Back to our mail?"
          yes="Drop your own"
          close={() => setAsks(false)}
          act={async () => {
            await removeTemplate(which);
            await changed();
            await showTheirs();
          }}
        >
          What you wrote for this mail in this language is gone for good. From the next mail on customers get ours.
        </Ask>
      ) : null}
    </Page>
  );
}

function Languages({ which }: { which: Which }) {
  return (
    <Group gap="xs" component="nav" aria-label="Language of the mail">
      <Button component={Link} to={`/mails?brand=${encodeURIComponent(which.brand)}`} size="xs" variant="default">
        All mails
      </Button>
      {languages.map(({ value, label }) => (
        <Badge
          key={value}
          component={Link}
          to={`/mails/${which.brand}/${which.kind}/${value}`}
          variant={value === which.language ? 'filled' : 'default'}
          aria-current={value === which.language ? 'page' : undefined}
          className="clickable"
          size="lg"
        >
          {label}
        </Badge>
      ))}
    </Group>
  );
}

function draftOf({ subject, html, text }: MailTemplate) {
  return { subject, html, text };
}
