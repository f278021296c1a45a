import { type RefObject, useEffect, useRef } from 'react';

/**
 * A button that works cannot hold the focus, which would fall to the page. When it is done the focus is at what was refused
 * in its form, or at the button again, unless somebody has gone elsewhere meanwhile.
 */
export function useFocusKept(isBusy: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  const wasAt = useRef<Element>(undefined);
  useEffect(() => {
    const ground = button.current?.form ?? button.current;
    if (!ground) return;
    if (isBusy) {
      const at = document.activeElement;
      // Some browsers have taken it away by now.
      wasAt.current = at === document.body || (at && ground.contains(at)) ? at : undefined;
      return;
    }
    const before = wasAt.current;
    wasAt.current = undefined;
    const at = document.activeElement;
    if (before === undefined || (at !== document.body && at !== before)) return;
    const refused = ground.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (refused) refused.focus();
    else if (at === document.body) button.current?.focus();
  }, [isBusy]);
  return button;
}
