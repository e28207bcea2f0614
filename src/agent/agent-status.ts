import type { AccuracyEstimate } from '../accuracy/accuracy-monitor.js';
import type { SensorAccount } from '../sensing/in-time/sensor-account.js';

/** Totals and current figures of an agent; `~/status` publishes them once a second. */
export interface AgentStatus {
  readonly received: number;
  readonly decided: number;
  readonly learned: number;
  /** Samples that were too familiar to be learned. */
  readonly familiar: number;
  /** Samples that repeated the last answer; part of {@link AgentStatus.decided}. */
  readonly repeats: number;
  /** Samples that were reported as unknown. */
  readonly unknown: number;
  /** Labels that found their sample. */
  readonly labelled: number;
  /** Labels that count in the accuracy estimate, and how many of their samples had been answered right. */
  readonly tested: number;
  readonly right: number;
  /** Questions asked. */
  readonly questions: number;
  /** Labels that repeated the last one of a burst and were skipped, and labels that also named a group of samples. */
  readonly repeated: number;
  readonly groupsNamed: number;
  /** Labels that wait for their samples, and those that have waited longer than `label.wait` by the clock. */
  readonly labelsWaiting: number;
  readonly labelsOverdue: number;
  /** Capacity of the label buffer in samples, and the time that it spans now [s]; NaN: not known yet. */
  readonly remembered: { readonly samples: number; readonly seconds: number };
  /** Refused or skipped inputs by cause. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Accounts of the sensors in use, primary first. */
  readonly sensors: readonly SensorAccount[];
  readonly neuronsUsed: number;
  readonly neurons: number;
  readonly classes: readonly string[];
  readonly accuracy: AccuracyEstimate;
  /** Energy of the sensors' encoders and the network, and the saving against the unscaled network at T = 350 [J]. */
  readonly energyUsed: number;
  readonly energySaved: number;
  /** Time from message to decision over the last 1000 decisions [s]; NaN while there is none. */
  readonly latencyP50: number;
  readonly latencyP99: number;
  /** Mean power since the last call [W], and energy per sample since then [J]; NaN without a sample. */
  readonly power: number;
  readonly energyPerSample: number;
  /** SHA-256 (hex) of weights, thresholds and class evidence at the last snapshot or restore; empty before. */
  readonly weightsHash: string;
}
