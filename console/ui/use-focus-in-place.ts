import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';

type Kept<T> = { readonly ref: RefObject<T | null>; readonly onFocus: (event: FocusEvent<HTMLElement>) => void };

/**
 * A button that goes away by what it does, or rests meanwhile, takes the focus with it. When that is done the focus is at
 * what stands in its place now, or at the last thing before it, unless somebody has gone elsewhere.
 *
 * @returns what the element around the buttons is given
 */
export function useFocusInPlace<T extends HTMLElement>(isBusy: boolean): Kept<T> {
  const ref = useRef<T>(null);
  const place = useRef<number>(undefined);
  useEffect(() => {
    if (isBusy || place.current === undefined || document.activeElement !== document.body) return;
    const there = controlsIn(ref.current);
    (there[place.current] ?? there.at(-1))?.focus();
  }, [isBusy]);
  return {
    ref,
    onFocus: ({ target }) => {
      const at = controlsIn(ref.current).indexOf(target);
      // A dialog that was opened from here is elsewhere on the page.
      if (at >= 0) place.current = at;
    },
  };
}

function controlsIn(ground: HTMLElement | null): HTMLElement[] {
  return [...(ground?.querySelectorAll<HTMLElement>('a[href], button, input, summary') ?? [])];
}
