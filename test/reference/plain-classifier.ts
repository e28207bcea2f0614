import { deterministicLog } from '../../src/base/deterministic-functions.js';
import type { LeanParameters } from '../../src/snn/lean/lean-parameters.js';
import { leanBaseline, leanParameters } from '../../src/timestep/policy/lean-policy.js';
import type { Learning } from '../../src/snn/presentation.js';
import type { OperatingPoint } from '../../src/timestep/policy/operating-point.js';
import { traces } from './plain-encoder.js';
import { addEvidence, creditNearness, creditSpikes } from './plain-evidence.js';
import { PlainNetwork, type PlainPresentation, type PlainShape } from './plain-network.js';
import { plainNeuron, type PlainNeuron } from './plain-neuron.js';
import { imprint } from './plain-plasticity.js';

interface Remembered {
  readonly pixels: Uint8Array;
  readonly presentation: PlainPresentation;
  readonly answered: string | undefined;
  readonly clock: number;
  labelled: boolean;
}

const startedAnew = { labels: 0, errors: 0, bits: 0, renewals: 0, on: false };

/** Labels, at once or late, as plain code: steps 10 to 12 of the specification over a {@link PlainNetwork}. */
export class PlainClassifier {
  readonly network: PlainNetwork;
  readonly names: string[] = [];
  readonly labelsOf: number[] = [];
  readonly seen = {
    claims: 0,
    alarms: 0,
    renewals: 0,
    classAlarms: 0,
    classRenewals: 0,
    leftOut: 0,
    unnamed: 0,
    sureAndWrong: 0,
  };
  readonly alarm = { on: false, labelled: 0, fast: 0, slow: 0, renewed: 0 };
  readonly classAlarms: { labels: number; errors: number; bits: number; renewals: number; on: boolean }[] = [];
  readonly #remembered = new Map<bigint, Remembered>();

  constructor(
    readonly shape: PlainShape,
    readonly memory: number,
    selfLearning = false,
    features = false,
  ) {
    this.network = new PlainNetwork(shape, leanBaseline(shape), selfLearning, features);
  }

  decide(pixels: Uint8Array, stamp: bigint, point: OperatingPoint, asked: Learning): PlainPresentation {
    const settled = !this.alarm.on && this.alarm.labelled > 500 && !this.classAlarms.some(({ on }) => on);
    const learn = asked === 'novel' && !settled ? true : asked;
    const parameters: LeanParameters = leanParameters(point);
    const presentation = this.network.present(pixels, parameters, learn);
    const answered = this.names[presentation.answer];
    this.#remembered.delete(stamp);
    this.#remembered.set(stamp, { pixels, presentation, answered, clock: this.network.clock, labelled: false });
    if (this.#remembered.size > this.memory) this.#remembered.delete([...this.#remembered.keys()][0]);
    if (presentation.learned) this.#see(pixels, presentation.lead);
    return presentation;
  }

  /** Whether neurons were credited. */
  label(stamp: bigint, name: string): boolean {
    const sample = this.#remembered.get(stamp);
    if (!sample || sample.labelled || !(sample.presentation.learned || sample.presentation.familiar)) return false;
    if (!this.names.includes(name)) {
      if (this.names.length === this.shape.classes) return false;
      this.names.push(name);
      this.labelsOf.push(0);
      this.classAlarms.push({ ...startedAnew });
      this.network.classes++;
    }
    sample.labelled = true;
    const y = this.names.indexOf(name);
    const right = sample.answered === name;
    const credited = sample.presentation.learned || !right;
    if (credited) this.#credit(sample, y);
    this.seen.sureAndWrong += Number(sample.presentation.familiar && !right);
    this.#claim(sample, y, right);
    this.#watch(sample, y, right);
    if (this.alarm.on) for (const each of this.classAlarms) Object.assign(each, startedAnew);
    else this.#watchClass(sample, y, right);
    const { answer, given } = sample.presentation;
    this.network.classNeurons.teach(y, this.network.read(sample.pixels), given?.classAnswer ?? -1, answer);
    return credited;
  }

  #credit({ presentation, clock }: Remembered, y: number): void {
    const { neurons, constants } = this.network;
    const known = (id: number): PlainNeuron | undefined => {
      const renewed = neurons[id].renewedAt >= clock;
      this.seen.leftOut += Number(renewed);
      return renewed ? undefined : neurons[id];
    };
    for (const [id, spikes] of presentation.fired) {
      const neuron = known(id);
      if (neuron) creditSpikes(neuron, y, spikes, constants);
    }
    presentation.nearest.forEach((id, rank) => {
      const neuron = known(id);
      if (neuron) creditNearness(neuron, y, rank + 1);
    });
  }

  #claim(sample: Remembered, y: number, right: boolean): void {
    const { neurons } = this.network;
    const owned = this.names.map((_, c) => neurons.filter(({ owner }) => owner === c).length);
    const full = neurons.length === this.shape.neurons;
    if (right || !full || this.alarm.on || owned[y] >= (0.5 * this.shape.neurons) / this.names.length) return;
    const most = Math.max(...owned);
    if (most < owned[y] + 2) return;
    const richest = owned.indexOf(most);
    const candidates = neurons.filter(({ owner }) => owner === richest);
    const fewest = Math.min(...candidates.map(({ spikes }) => spikes));
    this.#renew(
      neurons.findIndex(({ owner, spikes }) => owner === richest && spikes === fewest),
      sample.pixels,
      y,
    );
    this.seen.claims++;
  }

  #watch(sample: Remembered, y: number, right: boolean): void {
    const { alarm } = this;
    const { neurons } = this.network;
    if (this.labelsOf[y]++ < 50) return;
    const error = right ? 0 : 1;
    alarm.labelled++;
    alarm.fast += (error - alarm.fast) / Math.min(alarm.labelled, 50);
    if (!alarm.on) alarm.slow += (error - alarm.slow) / Math.min(alarm.labelled, 2000);
    const full = neurons.length === this.shape.neurons;
    if (!alarm.on && full && alarm.labelled > 500 && alarm.fast > alarm.slow + 0.4 * (1 - alarm.slow)) {
      alarm.on = true;
      alarm.renewed = 0;
      this.seen.alarms++;
    }
    const over = alarm.fast < alarm.slow || alarm.renewed >= this.shape.neurons;
    if (alarm.on && over) Object.assign(alarm, { on: false, labelled: 0, fast: 0, slow: 0 });
    if (!alarm.on || right) return;
    this.#renew(this.#stalest(), sample.pixels, y);
    alarm.renewed++;
    this.seen.renewals++;
  }

  #watchClass(sample: Remembered, y: number, right: boolean): void {
    const { neurons } = this.network;
    const own = neurons.filter(({ owner }) => owner === y);
    const watched = this.classAlarms[y];
    const p = Math.max(0.02, watched.errors);
    const bits = right ? -1 : deterministicLog((1 + p) / (2 * p)) / Math.LN2;
    if (watched.labels >= 50) watched.bits = Math.min(20, Math.max(0, watched.bits + bits));
    if (watched.renewals === 0) {
      watched.labels++;
      watched.errors += ((right ? 0 : 1) - watched.errors) / Math.min(watched.labels, 200);
      if (watched.bits === 20 && neurons.length === this.shape.neurons && own.length > 0) {
        watched.renewals = own.length;
        watched.on = true;
        this.seen.classAlarms++;
      }
    } else if (watched.bits === 0) watched.on = false;
    if (watched.renewals === 0 || right) return;
    if (--watched.renewals === 0) Object.assign(watched, startedAnew);
    const stale = own.length > 0 ? own : neurons;
    const oldest = Math.min(...stale.map(({ lastWin }) => lastWin));
    const stalest = neurons.findIndex((neuron) => stale.includes(neuron) && neuron.lastWin === oldest);
    this.#renew(stalest, sample.pixels, y);
    this.seen.classRenewals++;
  }

  #see(pixels: Uint8Array, lead: number): void {
    const { alarm, network } = this;
    if (!alarm.on || lead >= 3 || alarm.renewed >= this.shape.neurons) return;
    const stalest = this.#stalest();
    if (network.neurons[stalest].lastWin >= network.clock - 1000) return;
    this.#renew(stalest, pixels, -1);
    alarm.renewed++;
    this.seen.unnamed++;
  }

  #stalest(): number {
    const { neurons } = this.network;
    const oldest = Math.min(...neurons.map(({ lastWin }) => lastWin));
    return neurons.findIndex(({ lastWin }) => lastWin === oldest);
  }

  #renew(id: number, pixels: Uint8Array, y: number): void {
    const { network } = this;
    const sample = network.read(pixels);
    const neuron = plainNeuron(sample.x.length, this.shape.classes);
    imprint(neuron, sample, traces(sample, network.constants.traceHalf), network.constants);
    neuron.lastWin = network.clock;
    neuron.renewedAt = network.clock;
    if (y >= 0) addEvidence(neuron, y, network.constants.renewEvidence);
    network.neurons[id] = neuron;
  }
}
