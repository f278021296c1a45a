// What one picture may take. Server and child process both hold these: the child is not believed.

/** Bytes of a file from outside. */
export const mostFetched = 5 * 2 ** 20;
/** Time for the whole of fetching it, redirects included. */
export const fetchMs = 5000;
/** Width times height as the file states them: 24 megapixels, as telephones take them, decoded once. */
export const mostPixels = 24_000_000;
/** Time for decoding and encoding. */
export const cleanMs = 5000;
/** Time for the process to be there, on a busy machine. */
export const startMs = 20_000;
/** Memory of the process that is its own alone, in bytes: 24 megapixels of 8 bits, however they are packed. */
export const mostMemory = 256 * 2 ** 20;
/** Bytes of a picture of ours: 1024 pixels a side in WebP stay far below. */
export const mostMade = 2 * 2 ** 20;
/** The process ends after so long without a picture. */
export const idleMs = 20_000;
