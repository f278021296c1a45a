/** How fast a client may call: `burst` calls at once, and `perSecond` in the long run. */
export type Rate = { readonly burst: number; readonly perSecond: number };

/** Of one client at one server process. Enough for an import in parallel, too little to starve sign-ins. */
export const defaultRate: Rate = { burst: 200, perSecond: 100 };

/** What is left to a client after a call. */
export type Left = {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** When all of it is there again: seconds since 1970. */
  readonly reset: number;
  /** Seconds until the next call is allowed; 0 if it is now. */
  readonly retryAfter: number;
};

const mostClients = 10_000;

/** Counts calls in memory: a bucket of tokens for each client, filled evenly. */
export function createRateLimit(rate: Rate): (client: string, at: Date) => Left {
  const buckets = new Map<string, { tokens: number; at: number }>();

  return (client, at) => {
    const time = at.getTime();
    const known = buckets.get(client);
    const passed = known ? Math.max(0, time - known.at) / 1000 : 0;
    const tokens = known ? Math.min(rate.burst, known.tokens + passed * rate.perSecond) : rate.burst;
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    // The one that called longest ago stands first, so it is the one that is forgotten.
    buckets.delete(client);
    if (buckets.size >= mostClients) {
      for (const oldest of buckets.keys()) {
        buckets.delete(oldest);
        break;
      }
    }
    buckets.set(client, { tokens: left, at: time });
    return {
      allowed,
      limit: rate.burst,
      remaining: Math.floor(left),
      reset: Math.ceil(time / 1000 + (rate.burst - left) / rate.perSecond),
      retryAfter: allowed ? 0 : Math.max(1, Math.ceil((1 - left) / rate.perSecond)),
    };
  };
}
