import { Anchor, Button, FileButton, Group, List, Radio, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Page } from '../../ui/page.tsx';
import { refusalOf } from '../../ui/refusal.ts';
import { rulesQuery } from '../../ui/running-rules.ts';
import { Problem } from '../../ui/save-bar.tsx';
import { useMay, useMayWriteCode } from '../../ui/session.ts';
import { Empty, Loading, NotAllowed } from '../../ui/states.tsx';
import { readFiles } from './chosen-files.ts';
import { bringAlong, type Done, lookAt } from './import-api.ts';
import { ImportReport } from './import-report.tsx';
import { comesAlong, comingValues, isComplete, type Report } from './import-values.ts';
import { readExport } from './read-export.ts';

export const route = createLazyRoute('/rules/import')({ component: ImportPage });

/** The browser asks for a folder instead of files. */
const folder = { webkitdirectory: '' };

function ImportPage() {
  const mayImport = useMayWriteCode()('create:rules');
  return (
    <Page
      title="Import from Auth0"
      about="Rules that you have as files, or what Auth0’s deploy tool exported: folders, or a tenant.yaml with the files beside it. They are read here in your browser, and looked at by the server before anything is kept."
      actions={
        <Button component={Link} to="/rules" variant="default">
          All rules
        </Button>
      }
    >
      {mayImport ? <Import /> : <NotAllowed />}
    </Page>
  );
}

function Import() {
  const may = useMay();
  const [report, setReport] = useState<Report>();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function choose(files: File[]): Promise<void> {
    if (files.length === 0) return;
    setBusy(true);
    setProblem(undefined);
    setReport(undefined);
    try {
      const { parse } = await import('yaml');
      const read = await readFiles(files);
      const found = readExport(read.files, parse);
      setReport(await lookAt({ ...found, problems: [...read.problems, ...found.problems] }, may));
    } catch (error) {
      setProblem(refusalOf(error).text);
    }
    setBusy(false);
  }

  return (
    <>
      <Group gap="xs">
        <FileButton
          multiple
          onChange={(files) => void choose(files)}
          inputProps={{ ...folder, 'aria-label': 'Folder' }}
        >
          {(props) => <Button {...props}>Choose a folder</Button>}
        </FileButton>
        <FileButton
          multiple
          accept=".js,.cjs,.json,.yaml,.yml"
          onChange={(files) => void choose(files)}
          inputProps={{ 'aria-label': 'Files' }}
        >
          {(props) => (
            <Button {...props} variant="default">
              Choose files
            </Button>
          )}
        </FileButton>
      </Group>
      {problem === undefined ? null : <Problem text={problem} />}
      {isBusy ? <Loading label="The files are being looked at" /> : null}
      {report ? <Found report={report} /> : null}
    </>
  );
}

function Found({ report }: { report: Report }) {
  // Where a value is missing, the rest may count on what stays off: then nothing runs before somebody has looked.
  const coming = [...report.rules, ...report.actions].filter(comesAlong);
  const [isOff, setOff] = useState(!coming.every(isComplete));
  const [isBusy, setBusy] = useState(false);
  const [done, setDone] = useState<readonly Done[]>();
  const queryClient = useQueryClient();
  const comes = coming.length + comingValues(report).length;
  if (report.rules.length + report.actions.length + report.configs.length === 0 && report.problems.length === 0) {
    return (
      <Empty title="Nothing of Auth0’s among them">
        Rules are .js files, with a .json of the same name where there is more to say; the deploy tool keeps them in the
        folder rules, and actions in actions.
      </Empty>
    );
  }

  async function go(): Promise<void> {
    setBusy(true);
    setDone([]);
    await bringAlong(report, isOff, (one) => setDone((before) => [...(before ?? []), one]));
    await queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
    setBusy(false);
  }

  return (
    <Stack gap="lg">
      <ImportReport report={report} />
      {comes > 0 && !done ? (
        <>
          <Radio.Group
            label="What comes along"
            description={`Rules come after those that are here, in the order that they had.${coming.every(isComplete) ? '' : ' Something above misses a value or a setting, and others may count on it: look first, then switch them on.'}`}
            value={isOff ? 'off' : 'as'}
            onChange={(value) => setOff(value === 'off')}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="as" label="On or off as it was at Auth0" />
              <Radio value="off" label="All switched off, to be tried first" />
            </Stack>
          </Radio.Group>
          <div>
            <Button onClick={() => void go()}>Import {comes === 1 ? 'it' : `these ${comes}`}</Button>
          </div>
        </>
      ) : null}
      {done ? <Outcome done={done} isBusy={isBusy} /> : null}
    </Stack>
  );
}

function Outcome({ done, isBusy }: { done: readonly Done[]; isBusy: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that was pressed is gone.
  useEffect(() => heading.current?.focus(), []);
  const refused = done.filter((one) => one.refused !== undefined);
  const kept = done.filter((one) => one.refused === undefined);
  // A trigger comes with its actions, and is none of what was chosen.
  const imported = kept.filter(({ what }) => what !== 'Trigger');
  return (
    <Stack gap="xs" component="section" aria-label="What was imported">
      <div role="status">
        <Title order={2} size="h4" ref={heading} tabIndex={-1}>
          {isBusy ? 'Being imported …' : `${imported.length} imported`}
        </Title>
      </div>
      {refused.map(({ what, name, refused: why }) => (
        <Problem key={`${what} ${name}`} text={`${what} ${name} was not: ${why}`} />
      ))}
      {kept.length > 0 ? (
        <List size="sm">
          {kept.map(({ what, name, page, state }) => (
            <List.Item key={`${what} ${name}`} className="value">
              {what}{' '}
              {page === undefined ? (
                name
              ) : (
                <Anchor component={Link} size="sm" underline="always" to={page}>
                  {name}
                </Anchor>
              )}
              : {state}
            </List.Item>
          ))}
        </List>
      ) : null}
      {!isBusy && kept.some(({ what }) => what === 'Rule') ? (
        <Text size="sm">
          Try them with a customer’s last sign-in before you rely on them; each rule has a page with “Try”.
        </Text>
      ) : null}
    </Stack>
  );
}
