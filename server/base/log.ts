import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import { clean, cleanText } from './log-cleaning.ts';

export type { Logger } from 'pino';

/**
 * The log: JSON lines, or readable ones when stdout is a terminal. Whatever is logged passes `clean` first, so that
 * no secret gets into it (values under secret names, queries of addresses, passwords in connection strings).
 *
 * @param destination where lines go; stdout when not given
 */
export function openLog(destination: DestinationStream = stdout()): Logger {
  return pino(
    {
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }), log: clean },
      // Fastify brings serializers of its own, which would write the query of an address; these replace them.
      serializers: { req: request, res: reply, err: (fault: unknown) => fault },
      hooks: {
        logMethod(args, method) {
          const [first, second, ...rest] = args;
          if (typeof first === 'string') return method.call(this, cleanText(first), second, ...rest);
          const text = second ?? (first instanceof Error ? first.message : undefined);
          return method.call(this, first, typeof text === 'string' ? cleanText(text) : text, ...rest);
        },
      },
    },
    destination,
  );
}

function stdout(): DestinationStream {
  if (!process.stdout.isTTY) return pino.destination({ fd: 1, sync: true });
  return pretty({ colorize: true, sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' });
}

function request(value: { method?: string; url?: string }) {
  return { method: value.method, url: value.url?.split('?')[0] };
}

function reply(value: { statusCode?: number }) {
  return { status: value.statusCode };
}
