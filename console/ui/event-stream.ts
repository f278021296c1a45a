import { ApiError, addressOf, type Query } from './api.ts';
import { consoleHeaders } from './console-headers.ts';
import { sessionAgain } from './session-end.ts';

/** One server-sent event. */
export type StreamEvent = { readonly id: string; readonly event: string; readonly data: string };

const least = 1_000;
const most = 30_000;
// What comes again would be refused again.
const final = new Set([400, 403, 404]);

const noMore = 'What happens now cannot be shown any more. Load the page anew.';

/**
 * Follows a stream of `/api/v2` until `signal` ends it. When the connection is lost it comes again behind the event
 * that was seen last, so that none is missed; after the end of a session once that is back, and where it came too often
 * when it may again. The browser's own EventSource cannot send the console's header.
 *
 * @param state `connected` or not, for whoever looks at it
 * @throws ApiError when the server refuses it: the right has ended, or what it is about is gone
 */
export async function follow(
  path: string,
  from: string,
  onEvent: (event: StreamEvent) => void,
  onState: (isConnected: boolean) => void,
  signal: AbortSignal,
  query: Query = {},
): Promise<void> {
  let last = from;
  let wait = least;
  while (!signal.aborted) {
    try {
      const response = await fetch(addressOf(path, { ...query, from: last }), {
        headers: { ...consoleHeaders, accept: 'text/event-stream' },
        credentials: 'same-origin',
        signal,
      });
      if (final.has(response.status)) throw new ApiError(response.status, 'refused', noMore, {});
      if (response.status === 401) {
        onState(false);
        await sessionAgain();
        continue;
      }
      if (response.status === 429) wait = Math.max(wait, Number(response.headers.get('retry-after') ?? 0) * 1000);
      if (response.ok && response.body) {
        onState(true);
        wait = least;
        for await (const event of eventsOf(response.body)) {
          if (event.id) last = event.id;
          onEvent(event);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError) throw error;
    }
    onState(false);
    await pause(wait + Math.random() * wait, signal);
    wait = Math.min(wait * 2, Math.max(wait, most));
  }
}

/** Events as the HTML standard writes them: lines of `name: value`, and an empty line behind each. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffer += decoder.decode(value, { stream: true });
      const blocks = buffer.split('\n\n');
      buffer = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = read(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function read(block: string): StreamEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]+):? ?(.*)$/.exec(line) ?? [];
    if (name) fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value);
  }
  const data = fields.get('data');
  return data === undefined ? undefined : { id: fields.get('id') ?? '', event: fields.get('event') ?? 'message', data };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
