// Answers of the node's services: their share of the thread, and the answer to a request that failed.

/** Long-term share of the thread for answering. */
const share = 0.25;

/** Burst for callers that list and describe all parameters [s]. */
const burst = 1;

/** Shortest wait [s]; pausing for less is not worth it. */
const shortest = 0.1;

/**
 * Keeps answers to services from starving decisions. One thread does both, and a caller that never stops asking would
 * take all of it.
 */
export class ServiceBudget {
  #left = burst;
  #last = -Infinity;

  /**
   * Books the time of an answer.
   *
   * @param seconds - its duration
   * @param now - monotonic time [s]
   * @returns time until the next answer may begin [s]; 0: now
   */
  spend(seconds: number, now: number): number {
    this.#left = Math.min(burst, this.#left + share * (now - this.#last)) - seconds;
    this.#last = now;
    return this.#left < 0 ? Math.max(shortest, -this.#left / share) : 0;
  }
}

/** The fields of a response or a request. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * Response to a request that failed. It states the failure and the reason in those fields that the response has, once
 * for each entry of the request if needed.
 *
 * @param template - a response with every field at its default
 */
export function failureAnswer(template: Fields, request: Fields, reason: string): Fields {
  const failed = { successful: false, reason };
  const entries = Object.values(request).find(Array.isArray) as readonly unknown[] | undefined;
  return {
    ...template,
    ...('success' in template && { success: false }),
    ...('message' in template && { message: reason }),
    ...('result' in template && isOutcome(template['result']) && { result: failed }),
    ...('results' in template && { results: (entries ?? []).map(() => failed) }),
  };
}

const isOutcome = (value: unknown): boolean => typeof value === 'object' && value !== null && 'successful' in value;
