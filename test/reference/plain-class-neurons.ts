import type { LeanBaseline } from '../../src/snn/lean/lean-baseline.js';
import { add, divide, multiply, subtract, sumOverInputs } from './float32.js';
import { traces, type PlainSample } from './plain-encoder.js';
import type { PlainNeuron } from './plain-neuron.js';

/** One class neuron as plain numbers; its inputs are in scan order. */
interface PlainClassNeuron {
  weights: number[];
  inverse: number;
  seen: number;
  labels: number;
  self: number;
  common: number;
  looks: number;
}

/** The part of a presentation that the second stage reads. */
export interface PlainVotes {
  /** Net votes by class, and the lead of the first. */
  readonly votes: readonly number[];
  readonly lead: number;
  /** Neurons that voted with their weights, the nearest first, then those that fired. */
  readonly voters: readonly { readonly neuron: PlainNeuron; readonly weight: number }[];
  readonly sample: PlainSample;
  /** First and later events by input. */
  readonly first: readonly number[];
  readonly later: readonly number[];
  readonly learned: boolean;
}

/** The final answer. */
export interface PlainGiven {
  answer: number;
  confidence: number;
  lead: number;
  classAnswer: number;
  votes: number[];
  synapticEvents: number;
  neuronUpdates: number;
  labelUpdates: number;
  plasticityUpdates: number;
}

const f = Math.fround;

/** Class neurons as slow, plain scalar code (kernel/class-neurons.ts and kernel/class-votes.ts have the equations). */
export class PlainClassNeurons {
  readonly neurons: PlainClassNeuron[] = [];
  credit: [number, number] = [0, 0];
  /** How often rare paths were taken. */
  readonly seen = {
    classesRead: 0,
    classesNotAsked: 0,
    classesNotRead: 0,
    classesLeft: 0,
    commonLearned: 0,
    selfTaught: 0,
    selfTaughtMore: 0,
    oldLabels: 0,
  };

  constructor(
    readonly constants: LeanBaseline,
    readonly selfLearning: boolean,
    readonly features: boolean,
  ) {}

  give(heard: PlainVotes): PlainGiven {
    const given = netAnswer(heard.votes);
    const open = multiply(this.#trust(), this.#missing(heard));
    given.labelUpdates += heard.voters.length;
    if (heard.lead >= 2 * open || !this.neurons.some(({ seen }) => seen > 0)) {
      this.seen.classesNotAsked++;
      return given;
    }
    const votes = this.#withoutHeard(heard);
    given.labelUpdates += heard.votes.length * (heard.voters.length + 1);
    const between = netAnswer(votes);
    if (between.answer >= 0 && between.lead >= open) {
      this.seen.classesNotRead++;
      return { ...given, ...named(between), votes };
    }
    this.seen.classesRead++;
    const looked = this.#read(heard, given);
    addReadClasses(votes, looked, open, given);
    const read = [...looked].sort((a, b) => b.drive - a.drive || a.c - b.c);
    const net = netAnswer(votes);
    const [top, second] = [read.at(0), read.at(1)];
    const sure = top && subtract(top.drive, second?.drive ?? 0) >= multiply(f(0.05), top.drive);
    if (heard.learned && this.selfLearning && sure && net.answer === top.c) this.#teachSelf(top.c, heard.sample, given);
    // Without votes the network has no answer, and the result is that.
    return { ...given, ...(net.answer < 0 ? {} : named(net)), votes, classAnswer: top?.c ?? -1 };
  }

  /** The sample belongs to class y. */
  teach(y: number, sample: PlainSample, classAnswer: number, net: number): number {
    if (sample.total === 0) return 0;
    const neuron = (this.neurons[y] ??= freshClass(sample.x.length));
    if (classAnswer >= 0 && neuron.seen > 0) {
      const [own, other] = [multiply(this.credit[0], f(0.99)), multiply(this.credit[1], f(0.99))];
      this.credit = [
        classAnswer === y && net !== y ? add(own, 1) : own,
        net === y && classAnswer !== y ? add(other, 1) : other,
      ];
    }
    neuron.labels++;
    neuron.seen = add(neuron.seen, 1);
    if (neuron.seen > 16 && Math.floor(neuron.seen) % 4 !== 0) {
      this.seen.oldLabels++;
      return 0;
    }
    this.#move(neuron, sample, Math.max(f(0.005), divide(1, neuron.seen)));
    return sample.active;
  }

  #trust(): number {
    const [a, b] = [add(this.credit[0], f(2.1)), add(this.credit[1], 3)];
    return divide(multiply(f(0.7), multiply(a, a)), add(multiply(a, a), multiply(b, b)));
  }

  #openPart({ evidenceSum }: PlainNeuron): number {
    const lambda = f(this.constants.lambda);
    return divide(lambda, add(evidenceSum, lambda));
  }

  #missing({ voters }: PlainVotes): number {
    return voters.reduce((sum, { neuron, weight }) => add(sum, multiply(weight, this.#openPart(neuron))), 0);
  }

  #withoutHeard({ votes, voters }: PlainVotes): number[] {
    const mu = this.#trust();
    return votes.map((vote, c) => {
      const said = voters.reduce((sum, { neuron, weight }) => {
        return add(sum, multiply(multiply(weight, this.#openPart(neuron)), neuron.message[c]));
      }, 0);
      return subtract(vote, multiply(mu, said));
    });
  }

  // In the order of the coarse pass, best first.
  #read({ first, later, learned }: PlainVotes, given: PlainGiven): { c: number; drive: number }[] {
    const all = this.neurons.flatMap((neuron, c) => {
      if (neuron.seen === 0) return [];
      let sum = 0;
      first.forEach((count, i) => {
        for (let k = 0; k < count; k++) sum = add(sum, neuron.weights[i]);
      });
      return [{ c, sum, drive: multiply(neuron.inverse, sum) }];
    });
    const share = this.#learnCommon(all, sum(first), learned, given);
    const less = (c: number, events: number): number => multiply(multiply(share, this.neurons[c].common), events);
    const looks = all.map((each) => ({ ...each, drive: subtract(each.drive, less(each.c, sum(first))) }));
    const best = looks.sort((a, b) => b.drive - a.drive || a.c - b.c).slice(0, 6);
    given.labelUpdates += this.features ? best.length : 0;
    this.seen.classesLeft += all.length - best.length;
    given.synapticEvents += all.length * sum(first) + best.length * sum(later);
    given.neuronUpdates += all.length > 6 ? 2 * all.length : 0;
    return best.map(({ c, sum: firstSum }) => {
      const { weights, inverse } = this.neurons[c];
      const rest = sumOverInputs(later.map((count, i) => multiply(count, weights[i])));
      const whole = multiply(inverse, add(firstSum, rest));
      return { c, drive: Math.max(0, subtract(whole, less(c, sum(first) + sum(later)))) };
    });
  }

  // The share of the common drive that drives lose.
  #learnCommon(
    all: readonly { c: number; drive: number }[],
    events: number,
    learned: boolean,
    given: PlainGiven,
  ): number {
    if (!this.features) return 0;
    const labels = all.reduce((total, { c }) => add(total, this.neurons[c].labels), 0);
    for (const { c, drive } of learned ? all : []) {
      const neuron = this.neurons[c];
      neuron.looks = Math.min(200, add(neuron.looks, 1));
      neuron.common = add(neuron.common, divide(subtract(divide(drive, events), neuron.common), neuron.looks));
      this.seen.commonLearned++;
    }
    given.labelUpdates += (learned ? 3 : 2) * all.length;
    return multiply(f(0.4), Math.min(1, divide(all.length, labels)));
  }

  #teachSelf(c: number, sample: PlainSample, given: PlainGiven): void {
    const neuron = this.neurons[c];
    const self = add(neuron.self, f(0.1));
    const few = this.features ? divide(16, neuron.labels) : 0;
    if (self > Math.max(Math.min(neuron.labels, 4), few)) return;
    this.seen.selfTaughtMore += Number(self > Math.min(neuron.labels, 4));
    this.seen.selfTaught++;
    neuron.self = self;
    neuron.seen = add(neuron.seen, f(0.1));
    this.#move(neuron, sample, multiply(f(0.1), Math.max(f(0.005), divide(1, neuron.seen))));
    given.plasticityUpdates += sample.active;
  }

  #move(neuron: PlainClassNeuron, sample: PlainSample, eta: number): void {
    const trace = traces(sample, multiply(3, f(this.constants.traceHalf)));
    const keep = subtract(1, eta);
    neuron.weights = neuron.weights.map((weight, i) => add(multiply(weight, keep), multiply(eta, trace[i])));
    const square = sumOverInputs(neuron.weights.map((weight) => multiply(weight, weight)));
    neuron.inverse = divide(1, f(Math.sqrt(square)));
  }
}

function freshClass(inputs: number): PlainClassNeuron {
  return { weights: Array<number>(inputs).fill(0), inverse: 0, seen: 0, labels: 0, self: 0, common: 0, looks: 0 };
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

function addReadClasses(
  votes: number[],
  read: readonly { c: number; drive: number }[],
  open: number,
  given: PlainGiven,
): void {
  const top = Math.max(0, ...read.map(({ drive }) => drive));
  if (top === 0) return;
  const near = read.map(({ c, drive }) => {
    const z = Math.max(0, subtract(1, divide(subtract(1, divide(drive, top)), f(0.2))));
    return { c, square: multiply(z, z) };
  });
  const all = near.reduce((total, { square }) => add(total, square), 0);
  for (const { c, square } of near) votes[c] = add(votes[c], multiply(open, divide(square, all)));
  given.labelUpdates += 2 * read.length;
}

function netAnswer(votes: readonly number[]): PlainGiven {
  const given = { answer: -1, confidence: 0, lead: 0, classAnswer: -1, votes: [...votes] };
  const counts = { synapticEvents: 0, neuronUpdates: 0, labelUpdates: 0, plasticityUpdates: 0 };
  const most = Math.max(0, ...votes);
  if (most === 0) return { ...given, ...counts };
  const answer = votes.indexOf(most);
  const lead = subtract(most, Math.max(0, ...votes.filter((_, c) => c !== answer)));
  return { ...given, ...counts, answer, lead, confidence: divide(most, sumOverInputs(votes)) };
}

const named = ({ answer, confidence, lead }: PlainGiven) => ({ answer, confidence, lead });
