import { Group, Modal } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';

/**
 * Something over the page that wants an answer first; Escape closes it, and so does a click beside it. Once something was
 * typed or chosen in it, a click beside it does nothing, and whoever closes it is asked.
 */
export function Dialog({
  title,
  close,
  size = 'md',
  isFirm = false,
  isKept = true,
  children,
}: {
  title: string;
  close: () => void;
  size?: 'md' | 'lg';
  /** A click beside it does not close it: what it shows is not shown again. */
  isFirm?: boolean;
  /** Is what is typed in it worth a question? */
  isKept?: boolean;
  children: ReactNode;
}) {
  useBehind();
  const [isTouched, setTouched] = useState(false);
  const touch = () => setTouched(isKept);
  return (
    // Keeping the page behind from scrolling would need a style that the page's policy does not let in.
    <Modal.Root
      opened
      onClose={() => {
        if (!isTouched || window.confirm('Close this without saving what you typed?')) close();
      }}
      size={size}
      lockScroll={false}
      closeOnClickOutside={!isFirm && !isTouched}
    >
      <Modal.Overlay />
      <Modal.Content onInput={touch} onClick={(event) => isOption(event.target) && touch()}>
        <Modal.Body>
          <Group justify="space-between" align="flex-start" wrap="nowrap" mb="md">
            <Modal.Title className="value" fw={650}>
              {title}
            </Modal.Title>
            <Modal.CloseButton aria-label="Close" m={0} />
          </Group>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** What is chosen in a list of the library's own is no input of the browser. */
function isOption(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[role="option"]') !== null;
}

let opened = 0;

/** The page behind a dialog cannot be reached, by nobody's means; afterwards one is where one was before. */
function useBehind(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    const page = document.getElementById('root');
    opened += 1;
    page?.toggleAttribute('inert', true);
    return () => {
      opened -= 1;
      page?.toggleAttribute('inert', opened > 0);
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, [opener]);
}
