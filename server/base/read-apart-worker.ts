// The process in which code of the umbrella is compiled and parsed: it may hang or eat memory, and is ended then. None of
// that code is run here.
import { z } from 'zod';

const asked = z.object({ reader: z.string(), name: z.string(), values: z.array(z.unknown()) });

process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  void answer(message);
});

async function answer(message: unknown): Promise<void> {
  try {
    const { reader, name, values } = asked.parse(message);
    const found: unknown = (await import(reader))[name];
    if (typeof found !== 'function') throw new Error(`${reader} has no ${name}`);
    // What comes before is the same for all code, and is not counted.
    say({ kind: 'begun' });
    say({ kind: 'done', answer: Reflect.apply(found, undefined, values) });
  } catch (error) {
    say({ kind: 'failed', message: error instanceof Error ? `${error.stack}` : String(error) });
  }
}

function say(message: { readonly kind: string; readonly answer?: unknown; readonly message?: string }): void {
  process.send?.(message);
}
