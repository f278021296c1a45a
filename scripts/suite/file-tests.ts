// `node:test` without the hook by which it follows each promise of a process to the test that made it. That hook takes a
// sixth of the processor time of our tests, and all it is needed for here is that what stands at the top of a file
// belongs to the test within which the file is loaded: an `AsyncLocalStorage` knows that, too.
import asyncHooks, { type AsyncHook, AsyncLocalStorage } from 'node:async_hooks';

const { createHook, executionAsyncId } = asyncHooks;
const ofFile = new AsyncLocalStorage<number>();
let hook: AsyncHook | undefined;

// The runner takes both of these when it is first loaded, which is here; they are put back right after.
asyncHooks.createHook = (callbacks) => {
  hook = createHook(callbacks);
  return hook;
};
asyncHooks.executionAsyncId = () => ofFile.getStore() ?? executionAsyncId();
const { mock, test } = await import('node:test');
Object.assign(asyncHooks, { createHook, executionAsyncId });

export { mock };

/** A test within which `load` loads a file: the tests and hooks at the file's top are those of this test. */
export function testFile(file: string, load: () => Promise<void>): Promise<void> {
  // The runner learns of a test by the hook; one that is at work while the test is made, and not while it runs, is enough.
  hook?.enable();
  const whole = test(file, () => ofFile.run(executionAsyncId(), load));
  hook?.disable();
  return whole;
}
