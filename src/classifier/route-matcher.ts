/** Weight of what was seen before: about ten samples count. */
const fading = 0.9;
/** What a leap to anywhere costs, in standard deviations: a robot may be carried. */
const leap = 6;
/** How far along the pictures a robot may have come from one sample to the next: back, not at all, on, and one passed over. */
const steps = [-1, 0, 1, 2] as const;

/** Where on the route a sample is. */
export interface RouteMatch {
  /** Number of the picture, in the order in which they were named. */
  readonly index: number;
  /** What it is called. */
  readonly name: string;
}

/**
 * Single places from a picture each, as they follow each other on a route. One sample often looks like a picture from
 * elsewhere; a few in a row seldom do:
 *
 *   z(j) = (x·r(j) − mean) / deviation
 *   V(j) := z(j) + 0.9 max of V(j − 2), V(j − 1), V(j), V(j + 1) and (max V) − 6
 *
 * x is the sample and r(j) the j-th picture, both of length 1, mean and deviation those of x·r over all pictures. The answer
 * is the picture of the largest V: the best way along the pictures that ends there, on which what is older counts less, so
 * that about ten samples do. The robot may stand, go back, pass pictures over and be carried off.
 *
 * Sources: the recursion is Viterbi's (1967) with a forgetting factor; sequences of pictures in place of single ones: Milford
 * and Wyeth, SeqSLAM, ICRA 2012.
 */
export class RouteMatcher {
  /** r, `length` numbers each, one behind the other; as many as there are names. */
  readonly #pictures: Float32Array;
  readonly #names: string[] = [];
  /** V of each picture, and its next values. */
  #scores: Float64Array;
  #next: Float64Array;

  /**
   * @param most - pictures that are kept
   * @param length - numbers of a sample
   */
  constructor(
    readonly most: number,
    readonly length: number,
  ) {
    this.#pictures = new Float32Array(most * length);
    this.#scores = new Float64Array(most);
    this.#next = new Float64Array(most);
  }

  /** Names of the pictures, in their order; a view. */
  get names(): readonly string[] {
    return this.#names;
  }

  /**
   * Keeps a picture as the next one of the route.
   *
   * @param sample - `length` intensities, not all of them 0
   * @returns whether there was room
   */
  add(sample: Uint8Array, name: string): boolean {
    const at = this.#names.length;
    if (at === this.most) return false;
    const norm = normOf(sample);
    if (norm === 0) return false;
    const picture = this.#pictures.subarray(at * this.length, (at + 1) * this.length);
    for (let i = 0; i < this.length; i++) picture[i] = sample[i] / norm;
    this.#names.push(name);
    this.#scores[at] = 0;
    return true;
  }

  /**
   * Where a sample is, by it and those before; `undefined`: there are no two pictures, or nothing is to be seen.
   *
   * @param sample - `length` intensities
   */
  match(sample: Uint8Array): RouteMatch | undefined {
    const count = this.#names.length;
    const norm = normOf(sample);
    if (count < 2 || norm === 0) return undefined;
    const [scores, next] = [this.#scores, this.#next];
    let [sum, squares] = [0, 0];
    for (let j = 0; j < count; j++) {
      const likeness = this.#likeness(sample, j) / norm;
      next[j] = likeness;
      sum += likeness;
      squares += likeness * likeness;
    }
    const mean = sum / count;
    const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean)) || 1;
    let most = -Infinity;
    for (let j = 0; j < count; j++) most = Math.max(most, scores[j]);
    let index = 0;
    for (let j = 0; j < count; j++) {
      let before = most - leap;
      for (const step of steps) {
        const from = j - step;
        if (from >= 0 && from < count) before = Math.max(before, scores[from]);
      }
      next[j] = (next[j] - mean) / deviation + fading * before;
      if (next[j] > next[index]) index = j;
    }
    [this.#scores, this.#next] = [next, scores];
    return { index, name: this.#names[index] };
  }

  /** What was seen before no longer counts: the robot is somewhere else. */
  forgetWay(): void {
    this.#scores.fill(0);
  }

  #likeness(sample: Uint8Array, j: number): number {
    const { length } = this;
    const from = j * length;
    let sum = 0;
    for (let i = 0; i < length; i++) sum += sample[i] * this.#pictures[from + i];
    return sum;
  }
}

function normOf(sample: Uint8Array): number {
  let squares = 0;
  for (const value of sample) squares += value * value;
  return Math.sqrt(squares);
}
