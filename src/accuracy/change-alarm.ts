import type { Network } from '../snn/network.js';

// Step 12 of lean. Errors e (0 or 1) on labels of classes that are known well:
//
//   fast += (e - fast) / min(n, 50)     slow += (e - slow) / min(n, 2000), frozen during an alarm;  both from 0
//   on:  n > 500, network full, fast > slow + 0.4 (1 - slow)
//   off: fast < slow, or N renewals; n, fast and slow start anew
//
// While it is on every error renews a neuron, and so does a sample without a label whose answer hardly leads.

/** Labels of a class before its errors count: a new class is no alarm. */
const knownAfter = 50;
const fastWindow = 50;
const slowWindow = 2000;
/** Labels before the slow error is believed. */
const settled = 500;
/** Share of the way from the slow error to 1 that the fast one must cover. */
const on = 0.4;

/** What the alarm remembers. */
export interface AlarmState {
  readonly labelled: number;
  readonly fast: number;
  readonly slow: number;
  readonly renewed: number;
  readonly alarm: boolean;
}

/** Notices that the world has changed: known classes are suddenly answered wrong. Error means in doubles. */
export class ChangeAlarm {
  #labelled = 0;
  #fast = 0;
  #slow = 0;
  #renewed = 0;
  #alarm = false;
  #raised = 0;

  /** Alarms since it was made; no part of what it remembers. */
  get raised(): number {
    return this.#raised;
  }

  /** Whether the alarm is on. */
  get on(): boolean {
    return this.#alarm;
  }

  /** No alarm is on, and since the last one, or the start, there were enough labels to tell how often answers are wrong. */
  get settled(): boolean {
    return !this.#alarm && this.#labelled > settled;
  }

  /**
   * Takes the outcome of one label.
   *
   * @param labelsBefore - labels of its class before this one
   * @param network - size N, and whether all neurons have formed
   * @returns whether the stalest neuron is to be renewed with this sample
   */
  watch(labelsBefore: number, right: boolean, network: Pick<Network, 'shape' | 'full'>): boolean {
    if (labelsBefore < knownAfter) return false;
    const error = right ? 0 : 1;
    this.#labelled++;
    this.#fast += (error - this.#fast) / Math.min(this.#labelled, fastWindow);
    if (!this.#alarm) this.#slow += (error - this.#slow) / Math.min(this.#labelled, slowWindow);
    const bad = this.#fast > this.#slow + on * (1 - this.#slow);
    const good = this.#fast < this.#slow;
    if (bad && !this.#alarm && this.#labelled > settled && network.full) {
      this.#alarm = true;
      this.#raised++;
      this.#renewed = 0;
    }
    if (this.#alarm && (good || this.#renewed >= network.shape.neurons)) this.#end();
    if (!this.#alarm || right) return false;
    this.#renewed++;
    return true;
  }

  /** Takes note of a renewal that no label asked for; returns whether there may be one: at most N in an alarm. */
  renew(neurons: number): boolean {
    if (!this.#alarm || this.#renewed >= neurons) return false;
    this.#renewed++;
    return true;
  }

  /** What it remembers. */
  get state(): AlarmState {
    const [labelled, fast, slow] = [this.#labelled, this.#fast, this.#slow];
    return { labelled, fast, slow, renewed: this.#renewed, alarm: this.#alarm };
  }

  set state(state: AlarmState) {
    this.#labelled = state.labelled;
    this.#fast = state.fast;
    this.#slow = state.slow;
    this.#renewed = state.renewed;
    this.#alarm = state.alarm;
  }

  #end(): void {
    this.#alarm = false;
    this.#labelled = 0;
    this.#fast = 0;
    this.#slow = 0;
  }
}
