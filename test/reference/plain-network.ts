import type { LeanBaseline } from '../../src/snn/lean/lean-baseline.js';
import type { LeanParameters } from '../../src/snn/lean/lean-parameters.js';
import type { Learning } from '../../src/snn/presentation.js';
import type { OperationCounts } from '../../src/snn/operation-counts.js';
import { add, divide, multiply, subtract, sumOverInputs } from './float32.js';
import { placeEvents, readSample, traces, type PlainSample } from './plain-encoder.js';
import { PlainClassNeurons, type PlainGiven, type PlainVotes } from './plain-class-neurons.js';
import { addShare, spread } from './plain-evidence.js';
import { plainNeuron, type PlainNeuron } from './plain-neuron.js';
import { imprint, potentiate } from './plain-plasticity.js';
import { runSteps } from './plain-steps.js';

/** The result of a presentation. */
export interface PlainPresentation {
  answer: number;
  confidence: number;
  lead: number;
  timestepsRun: number;
  learned: boolean;
  silent: boolean;
  familiar: boolean;
  fired: Map<number, number>;
  nearest: number[];
  votes: number[];
  /** Votes of the nearest weigh alike. */
  alike: boolean;
  /** The result of the second stage; `undefined`: a silent sample. */
  given: PlainGiven | undefined;
  readonly operations: OperationCounts;
}

interface Scored {
  readonly id: number;
  readonly score: number;
  readonly drive: number;
}

/** Size of the network. */
export interface PlainShape {
  readonly neurons: number;
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  readonly polarity: boolean;
}

/** The lean method as slow, plain scalar code: steps 1 to 9 and 13 of its specification, one sample at a time. */
export class PlainNetwork {
  readonly neurons: PlainNeuron[] = [];
  readonly constants: LeanBaseline;
  classes = 0;
  clock = 0;
  readonly classNeurons: PlainClassNeurons;
  #view: Pick<PlainVotes, 'sample' | 'first' | 'later'> | undefined;
  /** How often rare paths were taken, so that tests can check that they were. */
  readonly seen = {
    folds: 0,
    imprints: 0,
    exitsFirst: 0,
    exitsBefore: 0,
    exitsAfterSpike: 0,
    inverted: 0,
    familiarFirst: 0,
    familiar: 0,
    unformed: 0,
  };

  constructor(
    readonly shape: PlainShape,
    baseline: LeanBaseline,
    selfLearning = false,
    features = false,
  ) {
    const rounded = Object.entries({ ...baseline }).map(([name, value]) => [name, Math.fround(value)]);
    this.constants = Object.fromEntries(rounded) as LeanBaseline;
    this.classNeurons = new PlainClassNeurons(this.constants, selfLearning, features);
  }

  present(pixels: Uint8Array, p: LeanParameters, learning: Learning): PlainPresentation {
    const learn = learning !== false;
    const presentation = nothing();
    const sample = this.read(pixels);
    this.seen.inverted += Number(sample.inverted);
    presentation.votes = Array<number>(this.classes).fill(0);
    if (sample.total === 0) return { ...presentation, silent: true };
    presentation.operations.encoderUpdates = sample.active;
    presentation.operations.inputSpikes = p.events;
    const { first, later } = placeEvents(sample, p.events);
    this.#view = { sample, first, later };
    const sums = this.neurons.map(({ raw }) => firstSum(raw, first));
    const kept = this.#eliminate(sums, p, learn, presentation);
    if (!learn && p.exitFirst > 0) {
      this.#nearestVote(kept, presentation, true);
      if (this.#leads(presentation, p.exitFirst)) return this.#end(presentation, 'exitsFirst');
    }
    const judge = learning === 'novel' && this.neurons.length === this.shape.neurons;
    if (judge) {
      this.#nearestVote(kept, presentation, true);
      if (this.#isFamiliar(presentation)) return this.#end(presentation, 'familiarFirst');
    }
    const scored = this.#readRest(kept, sums, later, p);
    presentation.operations.synapticEvents += (p.events - Math.ceil(p.events / 8)) * kept.length;
    if (learn) this.#live(sample, scored, p, presentation, judge);
    else {
      this.#decide(scored, p, presentation);
      this.#give(presentation);
    }
    return presentation;
  }

  // Network answer, then the final one. The messages are still those from before.
  #give(presentation: PlainPresentation): PlainPresentation {
    answer(presentation);
    if (!this.#view) throw new Error('nothing was read');
    const { votes, lead, learned, alike, nearest, fired } = presentation;
    const c = this.constants;
    const ranks = nearest.reduce((sum, _, q) => add(sum, divide(1, q + 1)), 0);
    const each = multiply(c.voteWeight, divide(ranks, nearest.length));
    const voters = [
      ...nearest.map((id, q) => ({
        neuron: this.neurons[id],
        weight: alike ? each : divide(c.voteWeight, q + 1),
      })),
      ...[...fired].map(([id, spikes]) => ({
        neuron: this.neurons[id] ?? plainNeuron(0, this.shape.classes),
        weight: spikes,
      })),
    ];
    presentation.given = this.classNeurons.give({ ...this.#view, votes, lead, voters, learned });
    return presentation;
  }

  read(pixels: Uint8Array): PlainSample {
    return readSample(pixels, this.shape.rows, this.shape.columns, this.shape.polarity);
  }

  #eliminate(sums: readonly number[], p: LeanParameters, learn: boolean, presentation: PlainPresentation): Scored[] {
    const firstEvents = Math.ceil(p.events / 8);
    const trust = learn ? 1 : Math.fround(0.7);
    const estimate = multiply(multiply(multiply(trust, p.reach), p.drive), divide(p.events, firstEvents));
    const all = this.neurons.map(({ scale, theta }, id) => {
      return { id, score: subtract(multiply(multiply(estimate, scale), sums[id]), theta), drive: 0 };
    });
    presentation.operations.synapticEvents += firstEvents * all.length;
    if (all.length <= p.keep) return all;
    presentation.operations.neuronUpdates += 2 * all.length;
    return byScore(all)
      .slice(0, p.keep)
      .sort((a, b) => a.id - b.id);
  }

  #readRest(kept: readonly Scored[], sums: readonly number[], later: readonly number[], p: LeanParameters): Scored[] {
    return kept.map(({ id }) => {
      const { raw, scale, theta } = this.neurons[id];
      const rest = sumOverInputs(later.map((count, i) => multiply(count, raw[i])));
      const drive = multiply(multiply(p.drive, scale), add(sums[id], rest));
      return { id, drive, score: subtract(multiply(p.reach, drive), theta) };
    });
  }

  #nearestVote(scored: readonly Scored[], presentation: PlainPresentation, alike = false): void {
    const c = this.constants;
    presentation.nearest = byScore(scored)
      .slice(0, 10)
      .map(({ id }) => id);
    presentation.operations.neuronUpdates += scored.length;
    presentation.votes.fill(0);
    presentation.alike = alike;
    const ranks = presentation.nearest.reduce((sum, _, q) => add(sum, divide(1, q + 1)), 0);
    const each = multiply(c.voteWeight, divide(ranks, presentation.nearest.length));
    presentation.nearest.forEach((id, q) => {
      addShare(presentation.votes, this.neurons[id], alike ? each : divide(c.voteWeight, q + 1), c);
    });
    presentation.operations.labelUpdates += 2 * this.classes * presentation.nearest.length;
  }

  #isFamiliar(presentation: PlainPresentation): boolean {
    if (!this.#leads(presentation, 5)) return false;
    presentation.familiar = presentation.nearest.every((id) => this.neurons[id].spikes >= 50);
    this.seen.unformed += Number(!presentation.familiar);
    return presentation.familiar;
  }

  #vote(id: number, spikes: number, presentation: PlainPresentation): void {
    addShare(presentation.votes, this.neurons[id] ?? plainNeuron(0, this.shape.classes), spikes, this.constants);
    presentation.operations.labelUpdates += 2 * this.classes;
  }

  #leads(presentation: PlainPresentation, needed: number): boolean {
    presentation.operations.labelUpdates += this.classes;
    return answer({ ...presentation }).lead >= needed;
  }

  #end(presentation: PlainPresentation, path: keyof PlainNetwork['seen']): PlainPresentation {
    this.seen[path]++;
    return this.#give(presentation);
  }

  #decide(scored: readonly Scored[], p: LeanParameters, presentation: PlainPresentation): void {
    this.#nearestVote(scored, presentation);
    if (p.exit > 0 && this.#leads(presentation, p.exit)) {
      this.seen.exitsBefore++;
      return;
    }
    this.#step(scored, p, presentation, false, (id) => {
      this.#vote(id, 1, presentation);
      const done = p.exit > 0 && this.#leads(presentation, p.exit);
      this.seen.exitsAfterSpike += Number(done);
      return done;
    });
  }

  #live(
    sample: PlainSample,
    scored: readonly Scored[],
    p: LeanParameters,
    presentation: PlainPresentation,
    judge: boolean,
  ): void {
    this.#nearestVote(scored, presentation);
    if (judge && this.#isFamiliar(presentation)) {
      this.seen.familiar++;
      this.#give(presentation);
      return;
    }
    const fresh = this.neurons.length;
    this.#step(scored, p, presentation, true, (id) => id === fresh);
    presentation.learned = true;
    this.clock++;
    this.#learn(sample, presentation, fresh);
    for (const [id, spikes] of presentation.fired) this.#vote(id, spikes, presentation);
    this.#give(presentation);
    const near = presentation.nearest.slice(0, 5);
    if (near.length < 2 || this.classes === 0) return;
    const neighbours = near.map((id) => this.neurons[id]);
    spread(neighbours, this.classes, this.constants);
    presentation.operations.labelUpdates += 4 * this.classes * near.length;
  }

  #step(
    scored: readonly Scored[],
    p: LeanParameters,
    presentation: PlainPresentation,
    learn: boolean,
    spike: (id: number) => boolean,
  ): void {
    const c = this.constants;
    const fresh = this.neurons.length;
    const members = scored
      .filter(({ score }) => score >= c.threshold)
      .map(({ id, drive }) => ({ id, drive, theta: this.neurons[id].theta }));
    if (learn && fresh < this.shape.neurons) members.push({ id: fresh, drive: p.freshDrive, theta: c.thetaFresh });
    const { steps, fired, thetas } = runSteps(members, p, c, { learn, fresh, spike });
    presentation.timestepsRun = steps;
    presentation.fired = fired;
    presentation.operations.neuronUpdates += members.length * steps;
    for (const spikes of fired.values()) presentation.operations.outputSpikes += spikes;
    if (learn) this.neurons.forEach((neuron, id) => (neuron.theta = thetas.get(id) ?? neuron.theta));
  }

  #learn(sample: PlainSample, presentation: PlainPresentation, fresh: number): void {
    const c = this.constants;
    const { operations, fired } = presentation;
    const trace = traces(sample, c.traceHalf);
    for (const [id, spikes] of fired) {
      if (id === fresh) continue;
      const folded = potentiate(this.neurons[id], spikes, trace, c);
      this.neurons[id].lastWin = this.clock;
      this.seen.folds += Number(folded);
      operations.normalisationUpdates += folded ? trace.length : 0;
    }
    const keep = fired.size === 0 ? multiply(c.thetaKeep, c.silentKeep) : c.thetaKeep;
    for (const neuron of this.neurons) neuron.theta = multiply(neuron.theta, keep);
    operations.thresholdUpdates = this.neurons.length;
    operations.plasticityUpdates = sample.active * fired.size;
    operations.normalisationUpdates += fired.size;
    if (!fired.has(fresh)) return;
    const neuron = plainNeuron(trace.length, this.shape.classes);
    imprint(neuron, sample, trace, c);
    neuron.lastWin = this.clock;
    this.neurons.push(neuron);
    this.seen.imprints++;
  }
}

// An input with several first events is added as often, one after the other.
function firstSum(raw: readonly number[], first: readonly number[]): number {
  let sum = 0;
  first.forEach((count, i) => {
    for (let k = 0; k < count; k++) sum = add(sum, raw[i]);
  });
  return sum;
}

function byScore(scored: readonly Scored[]): Scored[] {
  return [...scored].sort((a, b) => b.score - a.score || a.id - b.id);
}

// Step 9: the first class with most votes; without votes none.
function answer(presentation: PlainPresentation): PlainPresentation {
  const { votes } = presentation;
  const most = Math.max(0, ...votes);
  if (most === 0) return presentation;
  presentation.answer = votes.indexOf(most);
  presentation.lead = subtract(most, Math.max(0, ...votes.filter((_, y) => y !== presentation.answer)));
  presentation.confidence = divide(most, sumOverInputs(votes));
  return presentation;
}

function nothing(): PlainPresentation {
  const operations = {
    inputSpikes: 0,
    encoderUpdates: 0,
    synapticEvents: 0,
    neuronUpdates: 0,
    plasticityUpdates: 0,
    normalisationUpdates: 0,
    thresholdUpdates: 0,
    labelUpdates: 0,
    outputSpikes: 0,
  };
  const lists = { fired: new Map<number, number>(), nearest: [], votes: [], alike: false, given: undefined };
  return {
    answer: -1,
    confidence: 0,
    lead: 0,
    timestepsRun: 0,
    learned: false,
    silent: false,
    familiar: false,
    ...lists,
    operations,
  };
}
