// Loaded into the server under measurement (`--import`, with `--expose-gc`): SIGUSR2 collects all garbage and gives back
// its pages, so that memory can be compared that is in use, and not what V8 keeps for later on a machine that has plenty.
process.on('SIGUSR2', () => {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
});
