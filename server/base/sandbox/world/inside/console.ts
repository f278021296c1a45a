// `console`: lines formatted as Node formats them, handed to the server.
import { host } from './host.ts';
import { inspectOf, type Load } from './node-parts.ts';
import { withoutOurFrames } from './stack-text.ts';

type Format = (...values: unknown[]) => string;

let made: Record<string, unknown> | undefined;

/** The one `console`. */
export function makeConsole(load: Load): Record<string, unknown> {
  made ??= make(inspectOf(load).format);
  return made;
}

function make(format: Format): Record<string, unknown> {
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  let indent = '';
  const say =
    (level: string) =>
    (...values: unknown[]) => {
      const text = withoutOurFrames(format(...values));
      host.log(level, indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`));
    };
  const [log, warn, error] = [say('log'), say('warn'), say('error')];
  const elapsed = (label: string) => `${label}: ${Date.now() - (timers.get(label) ?? Date.now())}ms`;
  const group = (...values: unknown[]) => {
    if (values.length > 0) log(...values);
    indent += '  ';
  };
  return {
    log,
    warn,
    error,
    info: say('info'),
    debug: say('debug'),
    dir: (value: unknown) => log('%o', value),
    dirxml: log,
    table: log,
    group,
    groupCollapsed: group,
    groupEnd() {
      indent = indent.slice(2);
    },
    assert(fine: unknown, ...values: unknown[]) {
      if (fine) return;
      if (typeof values[0] === 'string') warn(`Assertion failed: ${values[0]}`, ...values.slice(1));
      else warn('Assertion failed', ...values);
    },
    trace: (...values: unknown[]) => error(new Error(`Trace: ${format(...values)}`).stack),
    count(label = 'default') {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      log(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = 'default') => counts.delete(label),
    time: (label = 'default') => timers.set(label, Date.now()),
    timeLog: (label = 'default', ...values: unknown[]) => log(elapsed(label), ...values),
    timeEnd(label = 'default') {
      log(elapsed(label));
      timers.delete(label);
    },
    timeStamp() {},
    clear() {},
  };
}
