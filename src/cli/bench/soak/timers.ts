/** Timers that keep a process alive. */
export const timers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name === 'Immediate').length;
