// ADWIN: the window of the last n values is split where its two parts, of n₀ and n₁ values, differ in mean by more than
//
//   ε = √(2 σ² ln(2/δ') / m) + 2 ln(2/δ') / (3 m),   1/m = 1/n₀ + 1/n₁,   δ' = δ / ln n
//
// and the older part is dropped. σ²: variance over the window; the values lie in a range of 1. The window is kept as an
// exponential histogram of O(log n) buckets.
// Source: Bifet & Gavaldà, Learning from time-changing data with adaptive windowing, SIAM SDM 2007.

/** Buckets of one size; the two oldest are merged when there are more. */
const mostOfOneSize = 5;
/** Values between two checks, and the least in each part of a split. */
const every = 8;
const least = 8;

interface Bucket {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** A window that grows while the mean stays the same, and drops its older part when the mean has changed. */
export class AdaptiveWindow {
  #buckets: Bucket[] = []; // oldest first, sizes never growing
  #total: Bucket = { count: 0, sum: 0, squares: 0 };
  #unchecked = 0;

  /** @param delta - δ: chance of a false alarm, 0..1 */
  constructor(readonly delta = 0.002) {}

  /** Values in the window. */
  get count(): number {
    return this.#total.count;
  }

  /** Their mean; 0 while there is none. */
  get mean(): number {
    return this.count > 0 ? this.#total.sum / this.count : 0;
  }

  /**
   * Takes a value.
   *
   * @returns by how much the mean has changed where a change is found, newer less older; otherwise 0
   */
  add(value: number): number {
    const bucket = { count: 1, sum: value, squares: value * value };
    this.#buckets.push(bucket);
    this.#total = merged(this.#total, bucket);
    this.#compress();
    if (++this.#unchecked < every) return 0;
    this.#unchecked = 0;
    const before = this.mean;
    let dropped = false;
    while (this.#changed()) {
      this.#drop();
      dropped = true;
    }
    return dropped ? this.mean - before : 0;
  }

  /** What its values are compared with has changed: adds a number to each of them. */
  shift(by: number): void {
    this.#buckets = this.#buckets.map((bucket) => shifted(bucket, by));
    this.#total = shifted(this.#total, by);
  }

  /** Values since the last check, then count, sum and squares of all and of each bucket, oldest first. */
  get state(): readonly number[] {
    return [this.#unchecked, ...[this.#total, ...this.#buckets].flatMap((b) => [b.count, b.sum, b.squares])];
  }

  set state([unchecked, ...numbers]: readonly number[]) {
    const rows = Array.from({ length: numbers.length / 3 }, (_, k) => numbers.slice(3 * k, 3 * k + 3));
    const [total, ...buckets] = rows.map(([count, sum, squares]) => ({ count, sum, squares }));
    this.#unchecked = unchecked;
    this.#total = total;
    this.#buckets = buckets;
  }

  /** Forgets everything. */
  reset(): void {
    this.#buckets = [];
    this.#total = { count: 0, sum: 0, squares: 0 };
    this.#unchecked = 0;
  }

  #compress(): void {
    const buckets = this.#buckets;
    for (let end = buckets.length; end > 0;) {
      const { count } = buckets[end - 1];
      let start = end;
      while (start > 0 && buckets[start - 1].count === count) start--;
      if (end - start <= mostOfOneSize) return;
      buckets.splice(start, 2, merged(buckets[start], buckets[start + 1]));
      end = start + 1;
    }
  }

  #changed(): boolean {
    const { count, sum, squares } = this.#total;
    if (count < 2 * least) return false;
    const variance = Math.max(0, squares / count - (sum / count) ** 2);
    const term = Math.log((2 * Math.log(count)) / this.delta);
    let older = { count: 0, sum: 0, squares: 0 };
    for (const bucket of this.#buckets) {
      older = merged(older, bucket);
      const newer = count - older.count;
      if (older.count < least) continue;
      if (newer < least) return false;
      const inverse = 1 / older.count + 1 / newer;
      const bound = Math.sqrt(2 * variance * term * inverse) + (2 / 3) * term * inverse;
      if (Math.abs(older.sum / older.count - (sum - older.sum) / newer) > bound) return true;
    }
    return false;
  }

  #drop(): void {
    const oldest = this.#buckets.shift();
    if (oldest === undefined) return;
    const { count, sum, squares } = this.#total;
    this.#total = { count: count - oldest.count, sum: sum - oldest.sum, squares: squares - oldest.squares };
  }
}

function merged(a: Bucket, b: Bucket): Bucket {
  return { count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares };
}

function shifted({ count, sum, squares }: Bucket, by: number): Bucket {
  return { count, sum: sum + count * by, squares: squares + 2 * by * sum + count * by * by };
}
