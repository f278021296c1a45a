import { type RefObject, useEffect, useRef } from 'react';

/**
 * A button that works cannot hold the focus, which would fall to the page. When it is done the focus is at what was refused,
 * or at the button again, unless somebody has gone elsewhere meanwhile.
 */
export function useFocusKept(isBusy: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  const wasAt = useRef<Element>(undefined);
  useEffect(() => {
    const form = button.current?.form;
    if (!form) return;
    if (isBusy) {
      const at = document.activeElement;
      // Some browsers have taken it away by now.
      wasAt.current = at === document.body || (at && form.contains(at)) ? at : undefined;
      return;
    }
    const before = wasAt.current;
    wasAt.current = undefined;
    const at = document.activeElement;
    if (before === undefined || (at !== document.body && at !== before)) return;
    const refused = form.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (refused) refused.focus();
    else if (at === document.body) button.current?.focus();
  }, [isBusy]);
  return button;
}
