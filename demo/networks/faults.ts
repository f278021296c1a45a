/** Ways an answer can go wrong on its way, at any endpoint. */
const wireFaults = [
  'slow',
  'hang',
  'error_500',
  'malformed_json',
  'huge_body',
  'redirects',
  'html_instead_of_json',
] as const;
export type WireFault = (typeof wireFaults)[number];

/** Ways an ID token can be wrong. */
export type TokenFault = 'wrong_signature' | 'wrong_nonce' | 'wrong_issuer' | 'wrong_audience';

/** Ways the content can be unwelcome. `expired_token`: the ID token, or the access token where there is none. */
export type ContentFault =
  | 'expired_token'
  | 'missing_email'
  | 'unverified_email'
  | 'email_verified_string'
  | 'user_denies';

/** How a network misbehaves. */
export type Mode = WireFault | TokenFault | ContentFault;

/** What a network answers; each network has some of these. `authorize` is the page people see. */
export type Endpoint =
  | 'discovery'
  | 'authorize'
  | 'token'
  | 'keys'
  | 'profile'
  | 'people'
  | 'emails'
  | 'likes'
  | 'permissions';

export interface FaultOptions {
  /** Only this endpoint. Left out: `token` for `redirects`, else every one but the page people see. */
  endpoint?: Endpoint;
  /** How many answers go wrong before all is well again. Left out: all, until told otherwise. */
  times?: number;
  /** Milliseconds that `slow` waits. 12 s if left out. */
  delay?: number;
  /** Where `redirects` leads. Left out: `/elsewhere` on this server under its other name, which counts visits. */
  redirectTo?: string;
}

export interface ActiveFault extends FaultOptions {
  mode: Mode;
}

/** What is wrong with a network at the moment. */
export interface Faults {
  /** Replaces what was set before; null: all is well. Throws if the network cannot go wrong that way. */
  set(mode: Mode | readonly Mode[] | null, options?: FaultOptions): void;
  /** The fault to play at this answer, counted as played; null if none. */
  takeWire(endpoint: Endpoint): (ActiveFault & { mode: WireFault }) | null;
  /** Whether this answer is to go wrong that way; counted as played. */
  take(mode: TokenFault | ContentFault, endpoint: Endpoint): boolean;
}

/** @param playable the content and token faults that mean something at this network */
export function createFaults(network: string, playable: readonly Mode[]): Faults {
  let active: { fault: ActiveFault; left: number }[] = [];

  function takeFirst(fits: (fault: ActiveFault) => boolean): ActiveFault | null {
    const found = active.find(({ fault, left }) => left > 0 && fits(fault));
    if (!found) return null;
    found.left -= 1;
    return found.fault;
  }

  return {
    set(mode, options = {}) {
      const modes = mode === null ? [] : typeof mode === 'string' ? [mode] : mode;
      for (const one of modes) {
        if (!isWire(one) && !playable.includes(one)) throw new Error(`${network} cannot play ${one}`);
      }
      active = modes.map((one) => ({
        fault: { ...options, mode: one },
        left: options.times ?? Number.POSITIVE_INFINITY,
      }));
    },
    takeWire(endpoint) {
      const fault = takeFirst((one) => isWire(one.mode) && meets(one, endpoint));
      return fault && isWire(fault.mode) ? { ...fault, mode: fault.mode } : null;
    },
    take: (mode, endpoint) =>
      takeFirst((one) => one.mode === mode && (one.endpoint === undefined || one.endpoint === endpoint)) !== null,
  };
}

function meets(fault: ActiveFault, endpoint: Endpoint): boolean {
  if (fault.endpoint !== undefined) return fault.endpoint === endpoint;
  return fault.mode === 'redirects' ? endpoint === 'token' : endpoint !== 'authorize';
}

function isWire(mode: Mode): mode is WireFault {
  const names: readonly string[] = wireFaults;
  return names.includes(mode);
}
