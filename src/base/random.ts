/**
 * Seeded random numbers, splitmix64:
 *
 *   s ← s + 0x9E3779B97F4A7C15,  z ← (s ⊕ s≫30) · 0xBF58476D1CE4E5B9,  z ← (z ⊕ z≫27) · 0x94D049BB133111EB,  z ⊕ z≫31
 *
 * modulo 2⁶⁴. The same seed gives the same numbers on every machine.
 *
 * Source: Steele, Lea & Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
 */
export class Random {
  #state: bigint;

  /** @param seed - an integer; only its lowest 64 bits count */
  constructor(seed: number | bigint) {
    this.#state = BigInt.asUintN(64, BigInt(seed));
  }

  /** The next 64 random bits. */
  next(): bigint {
    this.#state = BigInt.asUintN(64, this.#state + 0x9e3779b97f4a7c15n);
    let z = this.#state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  }

  /** A number in 0..1, 1 excluded, with 53 random bits. */
  uniform(): number {
    return Number(this.next() >> 11n) * 2 ** -53;
  }

  /** An integer in 0..count − 1. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** The integers 0..count − 1 in random order, every order equally likely (Fisher and Yates). */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
    }
    return order;
  }
}
