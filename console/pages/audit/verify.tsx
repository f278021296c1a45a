import { Button, Group, Text } from '@mantine/core';
import { IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../ui/api.ts';
import { download } from '../../ui/save-file.ts';
import { wordsOf } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { whole } from '../../ui/words.ts';
import { type Asked, exportAddress, verify } from './api.ts';

/** Looks whether the log is as it was written, and says so. */
export function Verify() {
  const [looked, setLooked] = useState(0);
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);
  const check = useMutation({
    mutationFn() {
      const stop = new AbortController();
      stopping.current = stop;
      setLooked(0);
      return verify(setLooked, stop.signal);
    },
    onSuccess: ({ ok, rows, breaks }) =>
      tell(
        ok
          ? { color: 'regulars', title: 'As it was written', message: `${whole(rows)} rows were looked at.` }
          : {
              color: 'red',
              shownMs: 'until closed',
              title: 'The log was changed',
              message: `${whole(breaks.length)} breaks: ${breaks
                .slice(0, 5)
                .map(({ what, entry }) => [what.replaceAll('_', ' '), entry].filter(Boolean).join(' '))
                .join('; ')}`,
            },
      ),
    onError(error) {
      if (!stopping.current?.signal.aborted) tell({ color: 'red', message: wordsOf(error).text });
    },
  });
  const isLong = check.isPending && looked > 0;
  return (
    <Group gap={isLong ? 'xs' : 0}>
      <Text size="xs" c="dimmed" role="status" aria-live="polite" className="numbers">
        {isLong ? `${whole(looked)} rows so far` : ''}
      </Text>
      <Button
        variant="default"
        loading={check.isPending}
        leftSection={<IconShieldCheck size={16} aria-hidden />}
        onClick={() => check.mutate()}
      >
        Verify
      </Button>
    </Group>
  );
}

/** Takes the log along, as far as it is filtered; the browser saves it as it comes, however long it is. */
export function TakeAlong({ asked, disabled }: { asked: Asked; disabled: boolean }) {
  const take = useMutation({
    // Of a download nobody hears that the session is over: that is found out before.
    mutationFn: () => call('/staff/me'),
    onSuccess: () => download(exportAddress(asked), 'audit.ndjson'),
    onError: (error) => tell({ color: 'red', message: wordsOf(error).text }),
  });
  return (
    <Button
      variant="default"
      loading={take.isPending}
      disabled={disabled}
      leftSection={<IconDownload size={16} aria-hidden />}
      onClick={() => take.mutate()}
    >
      Export NDJSON
    </Button>
  );
}
