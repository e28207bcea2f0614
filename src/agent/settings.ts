import type { AccuracySettings } from '../accuracy/accuracy-monitor.js';
import type { CostTable } from '../energy/cost-table.js';
import type { TimedOptions } from '../readout/presenter.js';
import type { Learning } from '../snn/presentation.js';
import type { ModeTable } from '../timestep/modes.js';
import type { OperatingProfile } from '../timestep/profile.js';
import type { BatterySettings } from './battery-monitor.js';
import type { SensorSettings } from './sample-source.js';

/** What the user asks for; it may change at any time. */
export interface Goals {
  /** Accuracy or mean recall, 0..1. */
  readonly target: number;
  /** Latest answer after its message [s]; 0: any. */
  readonly deadline: number;
  /** How long the battery must last. */
  readonly mission: {
    /** Time of day as `18:00`, or date and time of ISO 8601 with its zone; empty: no mission. */
    readonly until: string;
    /** Zone of a time of day, an IANA name. */
    readonly timeZone: string;
    /** Charge that must be left then, 0..1. */
    readonly reserve: number;
  };
}

/** How large any message may be. */
export interface InputBounds {
  /** Longest name of a class, and longest frame_id [character]. */
  readonly maxText: number;
  /** Larger messages are refused before they are read [byte]; whoever reads them minds it. */
  readonly maxBytes: number;
}

/** The bounds of a node that was told no others. */
export const standardBounds: InputBounds = { maxText: 256, maxBytes: 2 ** 27 };

/** How labels find their samples. */
export interface LabelSettings {
  /** How long one waits for a sample that was not decided yet, by the stamps of samples [s]. */
  readonly wait: number;
  /** How far its stamp may lie from that of its sample [s]. */
  readonly slop: number;
}

/** Labels of an agent that was told nothing of them. */
export const standardLabels: LabelSettings = { wait: 5, slop: 0.001 };

/** Everything that an agent needs to know; the node fills it from its parameters. */
export interface AgentSettings {
  readonly network: {
    /** Excitatory neurons N, 10..6400. */
    readonly neurons: number;
    /** Classes that can be learned at most, 2..1000. */
    readonly classes: number;
    /** Recent samples that a late label can still find, 1..4096. */
    readonly memory: number;
    /** Spikes in time instead of the lean way. */
    readonly timed?: TimedOptions;
  };
  /** The sensors in use, the primary one first, and how they are brought together. */
  readonly sensors: SensorSettings;
  /** {@link standardLabels} where absent. */
  readonly labels?: LabelSettings;
  readonly input: InputBounds;
  readonly modes: ModeTable;
  readonly battery: BatterySettings & {
    /** The charge must pass a threshold by this much before a dearer mode returns, 0..0.2. */
    readonly hysteresis: number;
  };
  /** What is measured of the network at the points that may be used; `undefined`: every mode uses its own point. */
  readonly profile: OperatingProfile | undefined;
  readonly accuracy: AccuracySettings;
  /** What is asked for at first. */
  readonly goals: Goals;
  /** Time before a change of mode or point that nothing urgent asks for [s]. */
  readonly dwell: number;
  /** What the network's operations cost. */
  readonly costs?: CostTable;
  /** Samples are learned, all or those that are novel, where the mode allows it too. */
  readonly learning: Learning;
}
