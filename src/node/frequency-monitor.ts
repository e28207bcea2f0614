/** How a frequency compares with what is expected of it. */
export interface FrequencyReport {
  /** Events since the monitor was made. */
  readonly total: number;
  /** Mean over the window [1/s]; NaN before two ticks. */
  readonly frequency: number;
  readonly verdict: 'ok' | 'none' | 'low';
}

const window = 5;
const tolerance = 0.1;

/**
 * Counts events and judges their frequency over the last five ticks, as diagnostic_updater's FrequencyStatus does without a
 * highest frequency.
 */
export class FrequencyMonitor {
  #total = 0;
  readonly #ticks: { readonly time: number; readonly total: number }[] = [];

  /** @param expected - lowest frequency that is in order [1/s]; 0: any */
  constructor(readonly expected: number) {}

  /** An event happened. */
  count(): void {
    this.#total++;
  }

  /**
   * Call it about once a second.
   *
   * @param now - [s], any origin
   * @param expected - lowest frequency that is in order [1/s]; 0: any
   */
  tick(now: number, expected = this.expected): FrequencyReport {
    const oldest = this.#ticks.at(0);
    this.#ticks.push({ time: now, total: this.#total });
    if (this.#ticks.length > window) this.#ticks.shift();
    const elapsed = oldest === undefined ? 0 : now - oldest.time;
    const events = this.#total - (oldest?.total ?? 0);
    const frequency = elapsed > 0 ? events / elapsed : NaN;
    return { total: this.#total, frequency, verdict: judge(events, frequency, expected) };
  }
}

function judge(events: number, frequency: number, expected: number): FrequencyReport['verdict'] {
  if (events === 0) return 'none';
  if (expected === 0 || Number.isNaN(frequency)) return 'ok';
  return frequency < expected * (1 - tolerance) ? 'low' : 'ok';
}
