import { Box, CloseButton, Group, Title } from '@mantine/core';
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

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
  size?: 'md' | 'lg' | 'xl';
  /** A click beside it does not close it: what it shows is not shown again. */
  isFirm?: boolean;
  /** Is what is typed in it worth a question? */
  isKept?: boolean;
  children: ReactNode;
}) {
  const [isTouched, setTouched] = useState(false);
  const sheet = useRef<HTMLDialogElement>(null);
  const titled = useId();
  const leave = () => {
    if (!isTouched || window.confirm('Close this without saving what you typed?')) close();
  };
  useBehind(sheet, leave);
  return createPortal(
    <div className="over">
      <Box className="veil" onClick={() => !isFirm && !isTouched && close()} />
      {/* Open rather than modal to the browser, which would also shut off what else is said over the page. */}
      <dialog
        open
        ref={sheet}
        className="dialog"
        data-size={size}
        tabIndex={-1}
        aria-modal
        aria-labelledby={titled}
        onInput={() => setTouched(isKept)}
      >
        <Group justify="space-between" align="flex-start" wrap="nowrap" mb="md">
          <Title order={2} id={titled} className="value" fz="md" fw={650}>
            {title}
          </Title>
          <CloseButton aria-label="Close" onClick={leave} />
        </Group>
        {children}
      </dialog>
    </div>,
    document.body,
  );
}

/** Those that are open, the last on top. */
const opened: RefObject<HTMLDialogElement | null>[] = [];

/**
 * The page behind a dialog cannot be reached, by nobody's means, and one is in the dialog, until Escape; afterwards one
 * is where one was before.
 */
function useBehind(sheet: RefObject<HTMLDialogElement | null>, leave: () => void): void {
  const [opener] = useState(() => document.activeElement);
  const way = useRef(leave);
  way.current = leave;
  useEffect(() => {
    const page = document.getElementById('root');
    opened.push(sheet);
    page?.toggleAttribute('inert', true);
    const first = sheet.current?.querySelector<HTMLElement>('[data-autofocus]');
    (first ?? sheet.current)?.focus({ preventScroll: true });
    function press({ key, isComposing, defaultPrevented }: KeyboardEvent): void {
      if (key === 'Escape' && !isComposing && !defaultPrevented && opened.at(-1) === sheet) way.current();
    }
    window.addEventListener('keydown', press);
    return () => {
      window.removeEventListener('keydown', press);
      opened.splice(opened.indexOf(sheet), 1);
      page?.toggleAttribute('inert', opened.length > 0);
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, [opener, sheet]);
}
