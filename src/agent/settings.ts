import type { CostTable } from '../energy/cost-table.js';
import type { TimedOptions } from '../readout/presenter.js';
import type { ModeTable } from '../timestep/modes.js';
import type { SensorSettings } from './sample-source.js';

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
  readonly modes: ModeTable;
  readonly battery: {
    /** A reading older than this is no longer believed [s]. */
    readonly timeout: number;
    /** The charge must pass a threshold by this much before a dearer mode returns, 0..0.2. */
    readonly hysteresis: number;
  };
  readonly accuracy: {
    /** What the user asks for, 0..1; shown and told, the controller uses it later. */
    readonly target: number;
    /** Labelled samples that the estimate looks back, 10..100000. */
    readonly window: number;
  };
  /** What the network's operations cost. */
  readonly costs?: CostTable;
  /** Samples are learned where the mode allows it too. */
  readonly learning: boolean;
}
