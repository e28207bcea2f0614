/** Fields that depend on time and machine. The Pareto front is one of them, since it compares latencies. */
const timeFields = new Set(['microsecondsPerSample', 'latency', 'pareto', 'provenance']);

/** A result without these fields: it has the same bytes on every worker. */
export function withoutTimes<T>(result: T): T {
  const text = JSON.stringify(result, (name, value: unknown) => (timeFields.has(name) ? undefined : value));
  return JSON.parse(text) as T;
}
