import { Random } from 'topspark/base/random.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';

/** Side of the pictures [pixel], and number of their kinds. */
const side = 28;
const kinds = 10;
/** Samples between a sample and its label, so that every kill finds labels still to come. */
const late = 20;
const point = { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 };

/** Makes an untrained classifier. */
export function born(neurons: number): OnlineClassifier {
  return new OnlineClassifier({ neurons, rows: side, columns: side, classes: kinds, memory: 256 });
}

/**
 * Presents the next sample of a scenario and labels an earlier one. The number of earlier samples determines both, so
 * the scenario continues in the same way from any checkpoint.
 */
export function liveOn(classifier: OnlineClassifier): void {
  const number = classifier.samples;
  const kind = number % kinds;
  const random = new Random(number);
  const pixels = new Uint8Array(side * side);
  for (let stroke = 0; stroke < 60; stroke++) {
    // A blurred sector of a ring, one for each kind.
    const angle = ((kind + 0.8 * random.uniform()) * 2 * Math.PI) / kinds;
    const radius = 5 + 7 * random.uniform();
    const [x, y] = [Math.round(14 + radius * Math.cos(angle)), Math.round(14 + radius * Math.sin(angle))];
    pixels[y * side + x] = 100 + 155 * random.uniform();
  }
  classifier.decide(pixels, BigInt(number), point, true);
  if (number >= late) classifier.label(BigInt(number - late), `kind ${(number - late) % kinds}`);
}

/**
 * Weights of the same scenario without interruption.
 *
 * @param counts - numbers of samples, ascending
 * @returns SHA-256 (hex) of the weights after each number
 */
export function uninterrupted(neurons: number, counts: readonly number[]): ReadonlyMap<number, string> {
  const classifier = born(neurons);
  const hashes = new Map<number, string>();
  for (const count of counts) {
    while (classifier.samples < count) liveOn(classifier);
    hashes.set(count, classifier.hash());
  }
  return hashes;
}
