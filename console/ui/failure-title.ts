/** What code that failed is said to have done: what stopped it, and in which of its lines, where that is known. */
export function failureTitle({ name, line }: { name: string; line?: number | undefined }): string {
  if (name === 'cpu' || name === 'deadline') return 'It took too long';
  return `It failed${line === undefined ? '' : ` in line ${line}`}: ${name}`;
}
