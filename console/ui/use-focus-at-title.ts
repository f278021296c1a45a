import { type RefObject, useEffect, useRef } from 'react';

/** Where the first page was; and whether somebody has gone elsewhere since. */
let first: string | undefined;
let hasMoved = false;

/**
 * What was pressed is gone with the page that it was on: the focus is at the title of the page that comes then, which
 * screen readers read out. Who has it elsewhere, as in the menu, keeps it; and where the console is opened it is at the
 * beginning, before the way past the menu.
 */
export function useFocusAtTitle(): RefObject<HTMLHeadingElement | null> {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    first ??= window.location.pathname;
    hasMoved ||= window.location.pathname !== first;
    if (hasMoved && document.activeElement === document.body) title.current?.focus({ preventScroll: true });
  }, []);
  return title;
}
