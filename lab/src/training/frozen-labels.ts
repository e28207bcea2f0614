import type { Firing } from 'topspark/snn/presentation.js';

// Labels of a frozen network, as the literature defines them. r_jc is the mean count of spikes of neuron j over the
// samples of class c; n_j is its count in the sample to be named.
//
//   P(c | j) = r_jc / Σ_c r_jc
//   all         arg max_c of the mean n_j over the neurons whose largest r_jc is c
//   proportion  arg max_c Σ_j n_j P(c | j)
//   bayes       arg max_c Σ_j n_j ln p_jc ,  p_jc = (spikes of j on class c + 0.1) / (spikes of all on class c + 0.1 N)
//
// Sources: Diehl & Cook, Front. Comput. Neurosci. 9 (2015) 99 (all); Hazan et al., BindsNET, Front. Neuroinform. 12
// (2018) 89 (all, proportion). For a sample without spikes, the neuron that came nearest to firing is used.

/** What a silent sample adds for the neuron that came nearest to firing [spikes]. */
const silentSpikes = 0.3;

/** Class by each readout; -1: no neuron knows a class. */
export interface FrozenAnswers {
  readonly all: number;
  readonly proportion: number;
  readonly bayes: number;
}

/** Counts which neurons fire for which class, while nothing is learned, and names classes by these counts. */
export class FrozenLabels {
  /** N × C: P(c | j), 0 for neurons that never fired; filled by {@link FrozenLabels.finish}. */
  readonly proportions: Float32Array;
  readonly #spikes: Float64Array;
  readonly #logarithms: Float64Array;
  readonly #samplesOf: Float64Array;
  readonly #ownerOf: Int32Array;
  readonly #owned: Float64Array;

  /**
   * @param neurons - N
   * @param classes - C
   */
  constructor(
    readonly neurons: number,
    readonly classes: number,
  ) {
    this.proportions = new Float32Array(neurons * classes);
    this.#spikes = new Float64Array(neurons * classes);
    this.#logarithms = new Float64Array(neurons * classes);
    this.#samplesOf = new Float64Array(classes);
    this.#ownerOf = new Int32Array(neurons).fill(-1);
    this.#owned = new Float64Array(classes);
  }

  /** Adds the spikes of a sample of a known class. */
  add(firing: Readonly<Firing>, label: number): void {
    this.#samplesOf[label]++;
    this.#each(firing, silentSpikes, (neuron, spikes) => (this.#spikes[neuron * this.classes + label] += spikes));
  }

  /** Assigns neurons to classes by all samples added so far. */
  finish(): void {
    const { neurons, classes } = this;
    const total = new Float64Array(classes);
    this.#spikes.forEach((spikes, at) => (total[at % classes] += spikes));
    this.#owned.fill(0);
    for (let j = 0; j < neurons; j++) {
      const spikes = this.#spikes.subarray(j * classes, (j + 1) * classes);
      const means = spikes.map((count, c) => count / Math.max(1, this.#samplesOf[c]));
      const sum = means.reduce((a, b) => a + b, 0);
      this.#ownerOf[j] = sum > 0 ? means.indexOf(Math.max(...means)) : -1;
      if (sum > 0) this.#owned[this.#ownerOf[j]]++;
      for (let c = 0; c < classes; c++) {
        this.proportions[j * classes + c] = sum > 0 ? means[c] / sum : 0;
        this.#logarithms[j * classes + c] = Math.log((spikes[c] + 0.1) / (total[c] + 0.1 * neurons));
      }
    }
  }

  /** Names the class of a sample. */
  name(firing: Readonly<Firing>): FrozenAnswers {
    const { classes } = this;
    const all = new Float64Array(classes);
    const proportion = new Float64Array(classes);
    const bayes = new Float64Array(classes);
    this.#each(firing, 1, (neuron, spikes) => {
      const owner = this.#ownerOf[neuron];
      if (owner >= 0) all[owner] += spikes / this.#owned[owner];
      for (let c = 0; c < classes; c++) {
        proportion[c] += spikes * this.proportions[neuron * classes + c];
        bayes[c] += spikes * this.#logarithms[neuron * classes + c];
      }
    });
    const known = Math.max(...proportion) > 0;
    const best = (votes: Float64Array): number => (known ? votes.indexOf(Math.max(...votes)) : -1);
    return { all: best(all), proportion: best(proportion), bayes: best(bayes) };
  }

  #each(firing: Readonly<Firing>, ofSilent: number, use: (neuron: number, spikes: number) => void): void {
    for (let k = 0; k < firing.firedCount; k++) use(firing.fired[k], firing.firedSpikes[k]);
    if (firing.firedCount === 0 && firing.nearestCount > 0) use(firing.nearest[0], ofSilent);
  }
}
