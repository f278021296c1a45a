// Node's test runner gives its events to this (`--test-reporter`); they are told to the process that leads the run.
import { isAbsolute, relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import type { Report } from './report.ts';

type Over = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Tells each event as it comes, and writes nothing itself. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type === 'test:dequeue') tell({ kind: 'began', name: event.data.name, depth: event.data.nesting });
    if (event.type === 'test:pass' || event.type === 'test:fail') tell(ended(event));
  }
  yield '';
}

function ended({ type, data }: Over): Report {
  const { file = '', line, name, nesting, details, skip = false } = data;
  const path = isAbsolute(file) ? relative(root, file) : file;
  const { user, system } = process.cpuUsage();
  const fault = type === 'test:fail' ? faultOf(data.details.error) : undefined;
  return {
    kind: 'ended',
    name,
    depth: nesting,
    ms: details.duration_ms,
    place: line === undefined ? path : `${path}:${line}`,
    ...(fault !== undefined && { fault }),
    isSkipped: skip !== false,
    spent: { cpuMs: (user + system) / 1000, memory: process.memoryUsage.rss() },
  };
}

/** Node wraps what a test threw; that tests in it failed is told by them. */
function faultOf(error: Error & { failureType?: unknown }): string | undefined {
  if (error.failureType === 'subtestsFailed') return;
  return inspect(error.cause instanceof Error ? error.cause : error, { depth: 8 });
}

function tell(report: Report): void {
  process.send?.(report);
}
