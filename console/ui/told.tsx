import { Notification } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { type Told as One, untell, watchTold, whatIsTold } from './tell.ts';

const usuallyMs = 4000;

/** The corner where the console says what was done; over dialogs, too. */
export function Told() {
  const told = useSyncExternalStore(watchTold, whatIsTold);
  return createPortal(
    <div className="told">
      {told.map((one) => (
        <Line key={one.id} one={one} />
      ))}
    </div>,
    document.body,
  );
}

/** It stays for as long as somebody is at it. */
function Line({ one: { id, title, message, color, shownMs = usuallyMs } }: { one: One }) {
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld || shownMs === 'until closed') return undefined;
    const timer = setTimeout(() => untell(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, isHeld, shownMs]);
  return (
    <Notification
      withBorder
      title={title}
      {...(color !== undefined && { color })}
      onClose={() => untell(id)}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {message}
    </Notification>
  );
}
