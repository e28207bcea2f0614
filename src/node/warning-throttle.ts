/** Admits the first warning of each kind at once, then at most one in `period`. */
export class WarningThrottle {
  readonly #kinds = new Map<string, { last: number; suppressed: number }>();

  /** @param period - least time between two warnings of a kind [s] */
  constructor(readonly period: number) {}

  /**
   * @param now - monotonic time [s]
   * @returns how many of this kind were suppressed since the last one admitted, or `undefined` to suppress this one
   */
  admit(kind: string, now: number): number | undefined {
    const seen = this.#kinds.get(kind);
    if (seen !== undefined && now - seen.last < this.period) {
      seen.suppressed++;
      return undefined;
    }
    this.#kinds.set(kind, { last: now, suppressed: 0 });
    return seen?.suppressed ?? 0;
  }
}
