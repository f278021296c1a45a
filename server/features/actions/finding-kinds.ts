/** A finding because of which an action does not run. */
export const isStopping = { stops: true, waits: false };
/** One with which it runs. */
export const isDifferent = { stops: false, waits: false };
