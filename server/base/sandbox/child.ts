// The process that runs isolates: told by messages what to run, it tells how it ended.
import { createIsolate, type Place } from './isolate.ts';
import type { FromChild, ToChild } from './messages.ts';

const idle = new Map<string, Place[]>();
const running = new Map<number, Place>();

function say(message: FromChild): void {
  process.send?.(message);
}

async function run({ id, program, input, deadlineMs }: Extract<ToChild, { kind: 'run' }>): Promise<void> {
  const started = performance.now();
  const place = idle.get(program.version)?.pop() ?? (await createIsolate(program));
  running.set(id, place);
  const ended = await place.run(input, deadlineMs, (call, name, argument) =>
    say({ kind: 'call', id, call, name, argument }),
  );
  running.delete(id);
  if (!ended.failure) idle.set(program.version, [...(idle.get(program.version) ?? []), place]);
  else place.dispose();
  say({ kind: 'ended', id, ...ended, wallMs: performance.now() - started });
}

process.on('message', (message: ToChild) => {
  if (message.kind === 'run') void run(message);
  else running.get(message.id)?.answer(message);
});
process.on('disconnect', () => process.exit());
