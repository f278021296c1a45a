// What one run may take. Server and child process both hold these: the child is not believed.

/** Memory of one isolate in MB, buffers included, beside what its packages take. */
export const memoryMb = 32;
/** What packages take, by their size: their text, and what becomes of it when they are loaded. */
export const packageShare = 4;
/** Characters of the packages of one program, and how many of them there are. */
export const mostPackages = { characters: 16e6, count: 200 };
/** Memory of one child process in MB: V8 does not count all that a run can make it take. */
export const childMemoryMb = 512;
/** Processor time of one run; waiting for an answer of the server is none. */
export const cpuMs = 2000;
/** Characters of the output, or of one checkpoint. */
export const mostOutput = 2 ** 20;
/** Characters of a checkpoint that needs no message: two of them are kept for each isolate. */
export const mostNoted = 2048;
/** Characters of what is sent to one call. */
export const mostArgument = 2 ** 21;
/** Characters of the name of a call. */
export const mostName = 100;
/** Characters of the text of an error, and of its stack. */
export const mostMessage = 1000;
export const mostStack = 4000;
/** Calls of one run. */
export const mostCalls = 200;
/** Checkpoints of one run. */
export const mostCheckpoints = 500;
/** Timers of one run, all together. */
export const mostWaits = 5000;
/** Lines that a run may print, and the characters that are kept of each. */
export const mostLines = 200;
export const mostLineText = 1000;
/** Isolates that a child process holds at most, busy ones and idle ones. */
export const mostPlaces = 64;
/** Bytes of one message to a child process: a program with its packages. */
export const mostFrame = 64 * 2 ** 20;
/** Bytes of one message of a child process: an argument and a checkpoint, however they are written. */
export const mostHeard = 16 * 2 ** 20;
