/** Fields that depend on when and where something was computed, and not only on what; the front is one of latencies too. */
const timeFields = new Set(['microsecondsPerSample', 'latency', 'pareto', 'provenance']);

/** A result without its times: the same, byte for byte, on every worker. */
export function withoutTimes<T>(result: T): T {
  const text = JSON.stringify(result, (name, value: unknown) => (timeFields.has(name) ? undefined : value));
  return JSON.parse(text) as T;
}
