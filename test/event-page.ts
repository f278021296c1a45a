import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type PageEvent = { id: string; event: string; data: Record<string, unknown>; at: number };

/** A page that stays open for server-sent events. */
export type EventPage = {
  readonly status: number;
  readonly type: string;
  readonly events: readonly PageEvent[];
  /** Everything as it came. */
  text(): string;
  /** Waits until so many events have come. */
  until(count: number, patienceMs?: number): Promise<readonly PageEvent[]>;
  /** When the server has ended the page. */
  readonly ended: Promise<void>;
  close(): void;
};

/** Opens a page of events at a server that listens on this address. */
export async function openEventPage(
  address: AddressInfo | string | null,
  path: string,
  headers: Record<string, string>,
): Promise<EventPage> {
  assert.ok(typeof address === 'object' && address !== null);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port: address.port, path, headers, agent: false }, resolve).on('error', reject);
  });
  const events: PageEvent[] = [];
  let all = '';
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    all += text;
    const pieces = (rest + text).split('\n\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) if (!piece.startsWith(':')) events.push(readEvent(piece));
  });
  const ended = new Promise<void>((resolve) => response.once('close', () => resolve()));
  response.on('error', () => undefined);
  return {
    status: response.statusCode ?? 0,
    type: String(response.headers['content-type']),
    events,
    text: () => all,
    async until(count, patienceMs = 20_000) {
      for (const end = Date.now() + patienceMs; events.length < count && Date.now() < end; ) await sleep(10);
      assert.ok(events.length >= count, `${events.length} of ${count} events came: ${all.slice(-500)}`);
      return events;
    },
    ended,
    close: () => response.destroy(),
  };
}

function readEvent(piece: string): PageEvent {
  const fields = Object.fromEntries(
    piece.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  return { id: fields.id ?? '', event: fields.event ?? '', data: JSON.parse(fields.data ?? '{}'), at: Date.now() };
}
