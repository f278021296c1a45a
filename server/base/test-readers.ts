// What `readApart` is to call in tests.

export function double(value: number): number {
  return value * 2;
}

export function spin(ms: number): number {
  const began = performance.now();
  while (performance.now() - began < ms);
  return ms;
}

export function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

export function fail(): void {
  throw new TypeError('This one fails.');
}

/** Memory that is none of the heap. */
export function fill(bytes: number): number {
  const kept: Uint8Array[] = [];
  for (let left = bytes; left > 0; left -= 2 ** 24) kept.push(new Uint8Array(2 ** 24).fill(1));
  spin(300);
  return kept.length;
}

export function environment(): string[] {
  return Object.keys(process.env).filter((name) => name !== 'NODE_CHANNEL_FD' && !name.startsWith('NODE_CHANNEL_'));
}
