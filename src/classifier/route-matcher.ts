import { storedArray, storedNames, type Snapshot } from '../base/snapshot.js';

/** Factor on the scores of earlier samples, per sample: about ten samples count. */
const fading = 0.9;
/** Cost of a jump to anywhere, in standard deviations: a robot may be carried. */
const leap = 6;
/** Steps along the pictures from one sample to the next: back, none, forward, and forward over one. */
const steps = [-1, 0, 1, 2] as const;

/** The pictures of a route, as stored. */
export interface RoutePictures {
  /** Intensities, picture after picture. */
  readonly pictures: Uint8Array;
  readonly names: readonly string[];
  /** Stamps of the samples [ns]. */
  readonly stamps: BigInt64Array;
}

/**
 * Finds single places by one picture each, in their order along a route. One sample often looks like a picture from
 * elsewhere; several in a row seldom do:
 *
 *   z(j) = (x·r(j) − mean) / deviation
 *   V(j) := z(j) + 0.9 max of V(j − 2), V(j − 1), V(j), V(j + 1) and (max V) − 6
 *
 * x is the sample and r(j) the j-th picture, both of length 1; mean and deviation are those of x·r over all pictures.
 * The answer is the picture with the largest V: the best path along the pictures that ends there. Older samples count
 * less, so that about ten matter. The robot may stand, go back, skip pictures and be carried away.
 *
 * Sources: the recursion is Viterbi's (1967) with a forgetting factor; sequences of pictures in place of single ones:
 * Milford and Wyeth, SeqSLAM, ICRA 2012.
 */
export class RouteMatcher {
  /** r, `length` numbers each, one after the other; one for each name. */
  readonly #pictures: Uint8Array;
  readonly #norms: Float64Array;
  #names: string[] = [];
  #stamps: bigint[] = [];
  /** V of each picture, and its next values. */
  #scores: Float64Array;
  #next: Float64Array;

  /**
   * @param most - most pictures kept
   * @param length - intensities of a sample
   */
  constructor(
    readonly most: number,
    readonly length: number,
  ) {
    this.#pictures = new Uint8Array(most * length);
    this.#norms = new Float64Array(most);
    this.#scores = new Float64Array(most);
    this.#next = new Float64Array(most);
  }

  /** Names of the pictures, in their order; a view. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** A copy of the pictures. Setting it restores them, as far as there is room; the robot may then be anywhere. */
  get state(): RoutePictures {
    const pictures = this.#pictures.slice(0, this.#names.length * this.length);
    return { pictures, names: [...this.#names], stamps: BigInt64Array.from(this.#stamps) };
  }

  set state({ pictures, names, stamps }: RoutePictures) {
    [this.#names, this.#stamps] = [[], []];
    for (const [k, name] of names.entries()) {
      this.add(pictures.subarray(k * this.length, (k + 1) * this.length), name, stamps[k]);
    }
    this.forgetWay();
  }

  /**
   * Adds a picture as the next one of the route; a picture with this stamp is renamed instead.
   *
   * @param sample - `length` intensities; a silent one is not kept
   * @param stamp - identifies it [ns]
   * @returns whether there was room
   */
  add(sample: Uint8Array, name: string, stamp: bigint): boolean {
    const known = this.#stamps.indexOf(stamp);
    if (known >= 0) {
      this.#names[known] = name;
      return true;
    }
    const at = this.#names.length;
    const norm = normOf(sample);
    if (norm === 0) return true;
    if (at === this.most) return false;
    this.#pictures.set(sample, at * this.length);
    this.#norms[at] = norm;
    this.#names.push(name);
    this.#stamps.push(stamp);
    this.#scores[at] = 0;
    return true;
  }

  /** Drops the pictures that match. */
  drop(gone: (name: string, stamp: bigint) => boolean): void {
    const { pictures, names, stamps } = this.state;
    const left = [...names.keys()].filter((k) => !gone(names[k], stamps[k]));
    if (left.length === names.length) return;
    const { length } = this;
    const kept = new Uint8Array(left.length * length);
    for (const [at, k] of left.entries()) kept.set(pictures.subarray(k * length, (k + 1) * length), at * length);
    this.state = {
      pictures: kept,
      names: left.map((k) => names[k]),
      stamps: BigInt64Array.from(left, (k) => stamps[k]),
    };
  }

  /** Renames pictures. */
  rename(name: string, newName: string): void {
    this.#names = this.#names.map((each) => (each === name ? newName : each));
  }

  /**
   * Finds the position of a sample on the route, from it and earlier samples.
   *
   * @param sample - `length` intensities
   * @returns index of the picture; `undefined`: there are fewer than two pictures, or the sample is silent
   */
  match(sample: Uint8Array): number | undefined {
    const count = this.#names.length;
    const norm = normOf(sample);
    if (count < 2 || norm === 0) return undefined;
    const [scores, next] = [this.#scores, this.#next];
    let [sum, squares] = [0, 0];
    for (let j = 0; j < count; j++) {
      const likeness = this.#product(sample, j) / (norm * this.#norms[j]);
      next[j] = likeness;
      sum += likeness;
      squares += likeness * likeness;
    }
    const mean = sum / count;
    const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean)) || 1;
    let most = -Infinity;
    for (let j = 0; j < count; j++) most = Math.max(most, scores[j]);
    let best = 0;
    for (let j = 0; j < count; j++) {
      let before = most - leap;
      for (const step of steps) {
        const from = j - step;
        if (from >= 0 && from < count) before = Math.max(before, scores[from]);
      }
      next[j] = (next[j] - mean) / deviation + fading * before;
      if (next[j] > next[best]) best = j;
    }
    [this.#scores, this.#next] = [next, scores];
    return best;
  }

  /** Multiply-adds of one match. */
  get work(): number {
    return this.#names.length * this.length;
  }

  /** Forgets earlier samples: the robot may be anywhere. */
  forgetWay(): void {
    this.#scores.fill(0);
  }

  // Integers, so that every machine gives the same result.
  #product(sample: Uint8Array, j: number): number {
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

/** Puts the pictures of a route into a snapshot: `route.…`, and `route_names` in the meta. */
export function withRoute(snapshot: Snapshot, route: RouteMatcher | undefined): Snapshot {
  if (route === undefined) return snapshot;
  const { pictures, names, stamps } = route.state;
  return {
    ...snapshot,
    tensors: {
      ...snapshot.tensors,
      'route.pictures': { shape: [names.length, route.length], data: pictures },
      'route.stamps': { shape: [names.length], data: stamps },
    },
    meta: { ...snapshot.meta, route_names: names },
  };
}

/**
 * Reads the pictures of a route from a snapshot; one without a route has none.
 *
 * @param length - intensities of a sample
 * @param most - most pictures
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function routeOf({ tensors, meta }: Snapshot, length: number, most: number): RoutePictures {
  if (!('route_names' in meta)) return { pictures: new Uint8Array(), names: [], stamps: new BigInt64Array() };
  const names = storedNames(meta['route_names'], 'route_names', most);
  return {
    pictures: storedArray(tensors, 'route.pictures', new Uint8Array(), names.length * length),
    names,
    stamps: storedArray(tensors, 'route.stamps', new BigInt64Array(), names.length),
  };
}
