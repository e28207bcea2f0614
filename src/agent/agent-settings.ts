import type { QuestionSettings } from './asking.js';
import type { CostTable } from '../energy/energy-account.js';
import type { LinearReadoutUse } from '../classifier/linear-use.js';
import type { TimedOptions } from '../classifier/network-binding.js';
import type { SensorSettings } from '../sensing/in-time/sample-source.js';
import type { EnergyControllerSettings } from '../timestep/controller/energy-controller.js';

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

/** How long answers must agree until they are the place, of an agent that was told nothing of it [s]. */
export const standardPlaceDwell = 1;

/** Everything that an agent needs to know; the node fills it from its parameters. */
export interface AgentSettings extends EnergyControllerSettings {
  readonly network: EnergyControllerSettings['network'] & {
    /** Excitatory neurons N, 10..6400. */
    readonly neurons: number;
    /** Classes that can be learned at most, 2..1000. */
    readonly classes: number;
    /** Class neurons learn from unnamed samples, too, where samples are presented the lean way; true where absent. */
    readonly selfLearning?: boolean;
    /** Labels that do not say why they were given may be corrections; false where absent. */
    readonly inferKinds?: boolean;
    /** When a linear readout stands beside the votes, where samples are presented the lean way; `auto` where absent. */
    readonly linearReadout?: LinearReadoutUse;
    /** Spikes in time instead of the lean way. */
    readonly timed?: TimedOptions;
  };
  /** The sensors in use, the primary one first, and how they are brought together. */
  readonly sensors: SensorSettings;
  /** {@link standardLabels} where absent. */
  readonly labels?: LabelSettings;
  /** Share of known samples that may be told to be unknown, 0..1; 0 where absent: none is. */
  readonly unknownRate?: number;
  /** When somebody is asked about samples; absent: never. */
  readonly questions?: QuestionSettings;
  /** How long answers must agree until they are the place [s]; {@link standardPlaceDwell} where absent. */
  readonly placeDwell?: number;
  /** Pictures by their names along a route, with which the place is found; 0, and where absent: it is the answer. */
  readonly placePictures?: number;
  readonly input: InputBounds;
  /** Operating points are measured anew where charging begins; false where absent. */
  readonly recalibrateAtCharger?: boolean;
  /** Classes that the buttons of a joystick teach while held, by their numbers; empty: that one teaches nothing. */
  readonly buttons?: readonly string[];
  /** What the network's operations cost. */
  readonly costs?: CostTable;
}
