import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useState } from 'react';

/** Does somebody look at this tab, or did they less than so long ago? */
export function useWatched(ms: number): boolean {
  const isVisible = useDocumentVisibility() === 'visible';
  const [isWatched, setWatched] = useState(true);
  useEffect(() => {
    if (isVisible) return setWatched(true);
    const timer = setTimeout(() => setWatched(false), ms);
    return () => clearTimeout(timer);
  }, [isVisible, ms]);
  return isWatched;
}
