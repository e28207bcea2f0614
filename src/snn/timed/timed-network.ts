import { checkInteger } from '../../base/errors.js';
import { hilbertScan } from '../lean/hilbert-scan.js';
import { SpikingNetwork, type ClassifyingShape } from '../spiking-network.js';
import { mostTimesteps, spikeEncodings, spikeRules, type TimedBaseline } from './timed-baseline.js';
import type { TimedParameters } from './timed-parameters.js';

/** A network with spikes in time. All neurons exist from the start and have random weights. */
export class TimedNetwork extends SpikingNetwork<TimedParameters> {
  /**
   * @param seed - of weights, phases and Poisson spikes; an integer in 0..2⁵³ − 1
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

  /**
   * Input spikes of the last sample, step by step; copies. The direct encoding, a constant current, has none.
   *
   * @param steps - T
   * @returns `before`: number of spikes before each step, then of all (T + 1 numbers); `inputs`: the input of each
   *   spike, as an index into the sample
   */
  inputSpikes(steps: number): { readonly before: Uint32Array; readonly inputs: Uint16Array } {
    const { kernel, shape } = this;
    const before = kernel.view(Uint32Array, 'stepBegin', steps + 1).map((bytes) => bytes / 4);
    const scan = hilbertScan(shape.rows, shape.columns);
    const ranks = kernel.view(Uint32Array, 'activeRank', this.inputs);
    const spikes = kernel.view(Uint32Array, 'inOrder', before[steps]);
    return { before, inputs: Uint16Array.from(spikes, (at) => scan[ranks[at / 4]]) };
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
