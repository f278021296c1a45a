import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api.ts';

/** What was read is shown at once when one comes back to it, and read anew behind that. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 5 * 60_000,
      // What was refused will be refused again; what did not arrive may arrive.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
      refetchOnWindowFocus: true,
    },
  },
});

const profileMs = 5 * 60_000;

// Each reading of a profile is a look at a person, which the audit log keeps. What happens to them is told by their
// timeline as it goes on; who comes back to the page after a while sees it anew.
queryClient.setQueryDefaults(['customer'], {
  refetchOnWindowFocus: ({ state }) => Date.now() - state.dataUpdatedAt > profileMs,
});

/**
 * For what a form stands on: read when the form opens and when it asks. What is typed is not pulled away, and the version
 * that is changed is the one that was seen.
 */
export const forForm = {
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 0,
} as const;
