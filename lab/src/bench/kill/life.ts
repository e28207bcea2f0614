import { Random } from 'topspark/base/random.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';

/** Size of the pictures [pixel], and kinds of them. */
const side = 28;
const kinds = 10;
/** Samples between a sample and its label, so that a kill always finds labels on their way. */
const late = 20;
const point = { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 };

/** A classifier that has seen nothing yet. */
export function born(neurons: number): OnlineClassifier {
  return new OnlineClassifier({ neurons, rows: side, columns: side, classes: kinds, memory: 256 });
}

/**
 * Shows the next sample of a life, and labels an earlier one. The number of earlier samples determines it, so a life
 * continues the same from any checkpoint.
 */
export function liveOn(classifier: OnlineClassifier): void {
  const number = classifier.samples;
  const kind = number % kinds;
  const random = new Random(number);
  const pixels = new Uint8Array(side * side);
  for (let stroke = 0; stroke < 60; stroke++) {
    // A ring sector that belongs to the kind, blurred.
    const angle = ((kind + 0.8 * random.uniform()) * 2 * Math.PI) / kinds;
    const radius = 5 + 7 * random.uniform();
    const [x, y] = [Math.round(14 + radius * Math.cos(angle)), Math.round(14 + radius * Math.sin(angle))];
    pixels[y * side + x] = 100 + 155 * random.uniform();
  }
  classifier.decide(pixels, BigInt(number), point, true);
  if (number >= late) classifier.label(BigInt(number - late), `kind ${(number - late) % kinds}`);
}

/**
 * Weights of a life without interruption.
 *
 * @param counts - numbers of samples, rising
 * @returns SHA-256 (hex) after each
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
