import { checkInteger } from '../../base/errors.js';
import { SpikingNetwork, type ClassifyingShape } from '../spiking-network.js';
import { mostTimesteps, spikeEncodings, spikeRules, type TimedBaseline } from './timed-baseline.js';
import type { TimedParameters } from './timed-parameters.js';

/** A network that is presented with spikes in time. All its neurons exist from the start, with random weights. */
export class TimedNetwork extends SpikingNetwork<TimedParameters> {
  /**
   * @param seed - of weights, phases and Poisson spikes, an integer of 0..2⁵³ − 1
   * @throws TopsparkError `out_of_range` naming value and bound; `out_of_memory`
   */
  constructor(
    shape: ClassifyingShape,
    baseline: TimedBaseline,
    readonly seed: number,
  ) {
    const { trace, encoding, rule, ...constants } = baseline;
    const names = { encoding: spikeEncodings.indexOf(encoding), rule: spikeRules.indexOf(rule) };
    checkInteger('network: seed', seed, 0, Number.MAX_SAFE_INTEGER);
    super(shape, { ...constants, ...names }, 'byInput');
    this.kernel.view(Float32Array, 'trace', mostTimesteps + 1).set(trace);
    this.kernel.call.sow(seed);
  }

  /** {@inheritDoc SpikingNetwork.clear} */
  override clear(): void {
    super.clear();
    this.kernel.call.sow(this.seed);
  }

  protected override start(learn: number, sample: number): boolean {
    return this.kernel.call.beginInTime(learn, sample) !== 0;
  }

  protected override run(steps: number): boolean {
    return this.kernel.call.runInTime(steps) !== 0;
  }

  protected override finish(): void {
    this.kernel.call.endInTime();
  }
}
