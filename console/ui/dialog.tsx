import { Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';

/** Something over the page that wants an answer first; Escape closes it. */
export function Dialog({
  title,
  close,
  size = 'md',
  isFirm = false,
  children,
}: {
  title: string;
  close: () => void;
  size?: 'md' | 'lg';
  /** A click beside it does not close it: what it shows is not shown again. */
  isFirm?: boolean;
  children: ReactNode;
}) {
  return (
    // Keeping the page behind from scrolling would need a style that the page's policy does not let in.
    <Modal.Root opened onClose={close} size={size} lockScroll={false} closeOnClickOutside={!isFirm}>
      <Modal.Overlay />
      <Modal.Content>
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
