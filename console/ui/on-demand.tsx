import { Button } from '@mantine/core';
import { type ReactNode, Suspense, useState } from 'react';

/** A button whose work is fetched when it is pressed first; what then stands in its place opens by itself. */
export function OnDemand({ label, icon, children }: { label: string; icon: ReactNode; children: ReactNode }) {
  const [isAsked, setAsked] = useState(false);
  const button = (
    <Button variant="default" size="xs" leftSection={icon} loading={isAsked} onClick={() => setAsked(true)}>
      {label}
    </Button>
  );
  return isAsked ? <Suspense fallback={button}>{children}</Suspense> : button;
}
