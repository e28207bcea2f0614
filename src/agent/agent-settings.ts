import type { QuestionSettings } from './asking.js';
import type { CostTable } from '../energy/energy-account.js';
import type { LinearReadoutUse } from '../classifier/linear-use.js';
import type { TimedOptions } from '../classifier/network-binding.js';
import type { SensorSettings } from '../sensing/in-time/sample-source.js';
import type { EnergyControllerSettings } from '../timestep/controller/energy-controller.js';

/** Size limits of messages. */
export interface InputBounds {
  /** Longest name of a class, and longest frame_id [character]. */
  readonly maxText: number;
  /** Largest message [byte]; the reader refuses larger ones before it decodes them. */
  readonly maxBytes: number;
}

/** Default bounds. */
export const standardBounds: InputBounds = { maxText: 256, maxBytes: 2 ** 27 };

/** How labels find their samples. */
export interface LabelSettings {
  /** How long a label waits for a sample that was not decided yet, by the stamps of samples [s]. */
  readonly wait: number;
  /** Largest distance between the stamp of a label and that of its sample [s]. */
  readonly slop: number;
}

/** Default label settings. */
export const standardLabels: LabelSettings = { wait: 5, slop: 0.001 };

/** Default time for which answers must agree before they become the place [s]. */
export const standardPlaceDwell = 1;

/** Settings of an agent; the node fills them from its parameters. */
export interface AgentSettings extends EnergyControllerSettings {
  readonly network: EnergyControllerSettings['network'] & {
    /** Excitatory neurons N, 10..6400. */
    readonly neurons: number;
    /** Most classes that can be learned, 2..1000. */
    readonly classes: number;
    /** Whether class neurons learn from unlabelled samples too (lean only); true where absent. */
    readonly selfLearning?: boolean;
    /** Whether labels of unset kind may be corrections; false where absent. */
    readonly inferKinds?: boolean;
    /** When a linear readout is used beside the votes (lean only); `auto` where absent. */
    readonly linearReadout?: LinearReadoutUse;
    /** Settings of spikes in time; absent: lean. */
    readonly timed?: TimedOptions;
  };
  /** The sensors in use, primary first, and how they are matched. */
  readonly sensors: SensorSettings;
  /** {@link standardLabels} where absent. */
  readonly labels?: LabelSettings;
  /** Share of known samples that may be reported as unknown, 0..1; 0 where absent: none are. */
  readonly unknownRate?: number;
  /** When people are asked about samples; absent: never. */
  readonly questions?: QuestionSettings;
  /** How long answers must agree before they become the place [s]; {@link standardPlaceDwell} where absent. */
  readonly placeDwell?: number;
  /** Pictures along a route by which the place is found; 0 or absent: the place is the answer. */
  readonly placePictures?: number;
  readonly input: InputBounds;
  /** Whether to measure the operating points again when charging begins; false where absent. */
  readonly recalibrateAtCharger?: boolean;
  /** Classes that the buttons of a joystick teach while held, by button number; empty: the button teaches nothing. */
  readonly buttons?: readonly string[];
  /** Energy of each operation. */
  readonly costs?: CostTable;
}
