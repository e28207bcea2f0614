/**
 * Calls `stop` once at the first SIGINT or SIGTERM. Handlers stay registered and ignore repeats: `ros2 launch`
 * forwards a SIGINT that the process group has already received, and the second one would kill the process during its
 * shutdown.
 *
 * @returns a function that removes the handlers
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): () => void {
  let stopped = false;
  const handler = (signal: NodeJS.Signals): void => {
    if (stopped) return;
    stopped = true;
    stop(signal);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, handler);
  return () => {
    for (const signal of signals) process.off(signal, handler);
  };
}
