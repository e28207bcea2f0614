import type { AccuracyEstimate } from '../accuracy/accuracy-monitor.js';
import type { SensorAccount } from '../sensing/in-time/sensor-account.js';

/** What the agent did so far; `~/status` tells it once a second. */
export interface AgentStatus {
  readonly received: number;
  readonly decided: number;
  readonly learned: number;
  /** Samples that were known too well to be learned. */
  readonly familiar: number;
  /** Samples that were answered as the one before, from which they hardly differ; part of {@link AgentStatus.decided}. */
  readonly repeats: number;
  /** Samples that were told to be unknown. */
  readonly unknown: number;
  /** Labels that found their sample. */
  readonly labelled: number;
  /** Of those, labels that say how often answers are right, and samples of them that had been answered right. */
  readonly tested: number;
  readonly right: number;
  /** Samples that were asked about. */
  readonly questions: number;
  /** Of labels, those that repeated the last one of a burst and were skipped, and those that named a group of samples besides. */
  readonly repeated: number;
  readonly groupsNamed: number;
  /** Labels that wait for their samples, and those of them that have waited longer than `label.wait` by the clock. */
  readonly labelsWaiting: number;
  readonly labelsOverdue: number;
  /** Most samples that are remembered for late labels, and the time that so many span now [s]; NaN: not known yet. */
  readonly remembered: { readonly samples: number; readonly seconds: number };
  /** Refused or skipped inputs by cause. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Of the sensors in use, the primary one first. */
  readonly sensors: readonly SensorAccount[];
  readonly neuronsUsed: number;
  readonly neurons: number;
  readonly classes: readonly string[];
  readonly accuracy: AccuracyEstimate;
  /** Energy of the network [J], and what was saved against the unscaled network at T = 350. */
  readonly energyUsed: number;
  readonly energySaved: number;
  /** Message to decision, last 1000 decisions [s]; NaN while there is none. */
  readonly latencyP50: number;
  readonly latencyP99: number;
  /** Mean power of the network since the last call [W], and energy per sample in that time [J]; NaN without a sample. */
  readonly power: number;
  readonly energyPerSample: number;
  /** SHA-256 of what was learned, as of the last snapshot or restore; empty before. */
  readonly weightsHash: string;
}
