/** What code that failed is said to have done, by the name of what stopped it. */
export function failureTitle(name: string): string {
  return name === 'cpu' || name === 'deadline' ? 'It took too long' : `It failed: ${name}`;
}
