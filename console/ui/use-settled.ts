import { useEffect, useRef, useState } from 'react';

/** The value once its content has not changed for so long: what is worth asking the server about. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  const latest = useRef(value);
  latest.current = value;
  const content = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new object of the same content is no change
  useEffect(() => {
    const timer = setTimeout(() => setSettled(latest.current), ms);
    return () => clearTimeout(timer);
  }, [content, ms]);
  return settled;
}
