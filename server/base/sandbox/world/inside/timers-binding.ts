// The native half of Node's timers: one alarm, and the turn in which immediates run.
import { after } from './event-loop.ts';

const started = Date.now();
const clock = () => Math.max(1, Date.now() - started);

let runImmediates = () => {};
let runTimers: (now: number) => number = () => 0;
let alarm = Number.POSITIVE_INFINITY;

function ring(): void {
  alarm = Number.POSITIVE_INFINITY;
  let next = 0;
  try {
    next = runTimers(clock());
  } catch (error) {
    // What is left of this list, and the other lists, go on in a turn of their own, as in Node.
    setAlarm(0);
    throw error;
  }
  if (next !== 0) setAlarm(Math.abs(next) - clock());
}

function setAlarm(ms: number): void {
  const at = clock() + Math.max(ms, 0);
  if (at >= alarm) return;
  alarm = at;
  after(Math.max(ms, 0), () => {
    if (alarm === at) ring();
  });
}

const immediateInfo = new Uint32Array(3);
let immediatesDue = false;

/** `internalBinding('timers')` */
export const timersBinding = {
  setupTimers(processImmediates: () => void, processTimers: (now: number) => number) {
    runImmediates = processImmediates;
    runTimers = processTimers;
  },
  scheduleTimer: setAlarm,
  toggleTimerRef() {},
  toggleImmediateRef(on: boolean) {
    if (!on || immediatesDue) return;
    immediatesDue = true;
    after(0, () => {
      immediatesDue = false;
      runImmediates();
    });
  },
  getLibuvNow: clock,
  immediateInfo,
  timeoutInfo: new Int32Array(1),
};
