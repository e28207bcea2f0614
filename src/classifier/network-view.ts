import type { Firing, Presentation } from '../snn/presentation.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';
import type { ClassRoster } from './class-roster.js';
import type { LabelBuffer } from './label-buffer.js';

/** Spikes of the network for one sample. */
export interface SampleSpikes {
  /** Shape of the input. */
  readonly rows: number;
  readonly columns: number;
  /** Intensities 0..255, row-major. */
  readonly input: Uint8Array;
  /**
   * The first 512 spikes in order: timestep from 1, neuron, and the class that the neuron mostly stands for; empty:
   * none.
   */
  readonly steps: Uint16Array;
  readonly neurons: Uint16Array;
  readonly labels: readonly string[];
}

/** The neuron that best stands for a class. */
export interface Prototype {
  readonly name: string;
  readonly neuron: number;
  /** In the order of the inputs. */
  readonly weights: Float32Array;
}

/** One neuron; copies. */
export interface Neuron {
  /** Class that it mostly stands for; empty: not known. */
  readonly label: string;
  /** W_ij in the order of the inputs. */
  readonly weights: Float32Array;
  /** θ_j, added to the common threshold. */
  readonly theta: number;
  /** Votes of one spike, by class. */
  readonly shares: Float32Array;
}

/**
 * What people and programs look at in the network of a classifier: spikes of the last sample, prototypes and single
 * neurons. Looking changes nothing; everything returned is a copy.
 */
export class NetworkView {
  /** Lengths of the network's lists for the last sample; `undefined`: it has not ended, or there was none. */
  listed: Pick<Presentation, 'firedCount' | 'nearestCount' | 'spikesListed'> | undefined;
  readonly #network: SpikingNetwork;
  readonly #memory: LabelBuffer;
  readonly #names: ClassRoster;

  /** @param memory - its newest sample is the last one */
  constructor(network: SpikingNetwork, memory: LabelBuffer, names: ClassRoster) {
    this.#network = network;
    this.#memory = memory;
    this.#names = names;
  }

  /**
   * Spikes of the network for the last sample; a copy.
   *
   * @returns `undefined` before the first
   */
  spikes(): SampleSpikes | undefined {
    const { newest } = this.#memory;
    if (this.listed === undefined || newest === undefined) return undefined;
    // A late label may have put its own sample into the network meanwhile.
    const input = this.#memory.sample(this.#memory.find(newest)).slice();
    const { rows, columns } = this.#network.shape;
    const raster = this.#network.lists.raster.subarray(0, this.listed.spikesListed);
    const neurons = Uint16Array.from(raster, (spike) => spike & 0xffff);
    return {
      ...{ rows, columns, input, neurons },
      steps: Uint16Array.from(raster, (spike) => spike >>> 16),
      labels: Array.from(neurons, (each) => this.#names.nameOf(this.#network.state.owner[each] - 1)),
    };
  }

  /**
   * For each class with neurons, the neuron with the most evidence for it, in the order in which classes first came.
   */
  get prototypes(): readonly Prototype[] {
    const { owner, evidence } = this.#network.state;
    const stride = evidence.length / owner.length;
    return this.#names.all.flatMap((name, c) => {
      let best = -1;
      let most = 0;
      for (let j = 0; j < owner.length; j++) {
        const known = evidence[j * stride + c];
        if (owner[j] !== c + 1 || known <= most) continue;
        [best, most] = [j, known];
      }
      return best < 0 ? [] : [{ name, neuron: best, weights: this.#network.weightsOf(best) }];
    });
  }

  /** Neurons that fired in the last sample; a copy. */
  firing(): Firing {
    const { fired, firedSpikes, nearest } = this.#network.lists;
    const { firedCount, nearestCount } = this.listed ?? { firedCount: 0, nearestCount: 0 };
    return {
      fired: fired.slice(0, firedCount),
      firedSpikes: firedSpikes.slice(0, firedCount),
      nearest: nearest.slice(0, nearestCount),
      firedCount,
      nearestCount,
    };
  }

  /** @param index - 0..N − 1 */
  neuron(index: number): Neuron {
    const network = this.#network;
    const { owner, theta } = network.state;
    return {
      label: this.#names.nameOf(owner[index] - 1),
      weights: network.weightsOf(index),
      theta: theta[index],
      shares: network.sharesOf(index),
    };
  }
}
