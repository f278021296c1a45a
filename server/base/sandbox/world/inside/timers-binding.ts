// The native half of Node's timers: one alarm, and the turn in which immediates run.
import { after, loopNow } from './event-loop.ts';

let runImmediates = () => {};
let runTimers: (now: number) => number = () => 0;
let alarm = Number.POSITIVE_INFINITY;

function ring(): void {
  alarm = Number.POSITIVE_INFINITY;
  let next = 0;
  try {
    next = runTimers(loopNow());
  } catch (error) {
    // What is left of this list, and the other lists, go on in a turn of their own, as in Node.
    setAlarm(0);
    throw error;
  }
  if (next !== 0) setAlarm(Math.abs(next) - loopNow());
}

function setAlarm(ms: number): void {
  const at = loopNow() + Math.max(ms, 0);
  if (at >= alarm) return;
  alarm = at;
  after(Math.max(ms, 0), () => {
    if (alarm === at) ring();
  });
}

const immediateInfo = new Uint32Array(3);
let immediatesDue = false;

/** No alarm rings any more, and no immediate runs. The lists of timers are empty by then. */
export function forgetAlarm(): void {
  runTimers(0); // Node's library notes for itself when the next is due
  alarm = Number.POSITIVE_INFINITY;
  immediatesDue = false;
  immediateInfo.fill(0);
}

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
  getLibuvNow: loopNow,
  immediateInfo,
  timeoutInfo: new Int32Array(1),
};
