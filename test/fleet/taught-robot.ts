import { Random } from '../../src/base/random.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import { leanPoint } from '../../src/timestep/policy/lean-policy.js';

const side = 8;

/** A classifier that sees noisy bars: `a` vertical on the left, `b` vertical on the right, `c` horizontal. */
export class TaughtRobot {
  readonly classifier: OnlineClassifier;
  readonly #random: Random;

  constructor(
    seed: number,
    readonly neurons = 20,
    readonly linear = false,
    readonly features = false,
  ) {
    const shape = { neurons, rows: side, columns: side, classes: 8, polarity: false };
    const parts = [{ inputs: side * side, signed: false }];
    this.classifier = new OnlineClassifier({ ...shape, features, ...(linear && { linear: parts }) });
    this.#random = new Random(seed);
  }

  /** One sample of a kind. */
  sample(kind: string): Uint8Array {
    const random = this.#random;
    const [x, y] = [1 + random.below(2) + (kind === 'b' ? 4 : 0), 1 + random.below(5)];
    return Uint8Array.from({ length: side * side }, (_, i) => {
      const on = kind === 'c' ? Math.floor(i / side) === y : i % side === x;
      return (on ? 200 : 0) + random.below(40);
    });
  }

  /** Shows this many samples of a kind, each labelled with `name`, by default the kind. Empty: not labelled. */
  teach(kind: string, count: number, name = kind): this {
    for (let k = 0; k < count; k++) {
      const stamp = BigInt(this.classifier.samples);
      this.classifier.decide(this.sample(kind), stamp, leanPoint(this.neurons), true);
      if (name !== '') this.classifier.label(stamp, name);
    }
    return this;
  }

  /** Share of correct answers to samples of these kinds. */
  accuracy(kinds: readonly string[], count = 60): number {
    const right = kinds.flatMap((kind) =>
      Array.from(
        { length: count },
        (_, k) => this.classifier.probe(this.sample(kind), leanPoint(this.neurons), k).label === kind,
      ),
    );
    return right.filter(Boolean).length / right.length;
  }
}
