import { type RefObject, useEffect, useRef, useState } from 'react';

/** Whether what stands in an area is wider than it, so that it is moved sideways; it may become so at any time. */
export function useSideways<T extends HTMLElement>(): { area: RefObject<T | null>; isWider: boolean } {
  const area = useRef<T>(null);
  const [isWider, setWider] = useState(false);
  useEffect(() => {
    const box = area.current;
    if (!box) return undefined;
    const seen = new ResizeObserver(() => setWider(box.scrollWidth > box.clientWidth));
    for (const part of [box, ...box.children]) seen.observe(part);
    return () => seen.disconnect();
  }, []);
  return { area, isWider };
}
