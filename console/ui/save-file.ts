/** Hands the browser's user a file that was made here. */
export function saveFile(name: string, parts: readonly string[], type: string): void {
  const address = URL.createObjectURL(new Blob([...parts], { type: `${type};charset=utf-8` }));
  download(address, name);
  URL.revokeObjectURL(address);
}

/** Lets the browser save what is at an address of ours. */
export function download(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}
