import { checkInteger } from '../base/errors.js';

/** A sample whose class is known. */
export interface KeptSample {
  /** D bytes, row-major. */
  readonly intensities: Uint8Array;
  /** Name of its class. */
  readonly name: string;
}

/**
 * The most recent labelled samples, so many that memory stays bounded. When it is full a new one takes the place of the
 * oldest of the class that has most, so that a robot that stays in one room for an hour does not forget the others.
 */
export class LabelledReservoir {
  /** Oldest first. */
  readonly #samples: KeptSample[] = [];
  readonly #counts = new Map<string, number>();

  /** @param capacity - samples that are kept, 1..100000 */
  constructor(readonly capacity: number) {
    checkInteger('reservoir: capacity', capacity, 1, 100_000);
  }

  /** Those that it holds, oldest first; a view. */
  get samples(): readonly KeptSample[] {
    return this.#samples;
  }

  /** Takes a copy of a sample. */
  add(intensities: Uint8Array, name: string): void {
    this.#count(name, 1);
    this.#samples.push({ intensities: intensities.slice(), name });
    if (this.#samples.length <= this.capacity) return;
    // By what it holds alone, so that one that was stored goes on alike.
    const most = Math.max(...this.#counts.values());
    const oldest = this.#samples.findIndex((sample) => this.#counts.get(sample.name) === most);
    const [{ name: largest }] = this.#samples.splice(oldest, 1);
    this.#count(largest, -1);
  }

  /** Forgets those of a class. */
  drop(name: string): void {
    for (let at = this.#samples.length - 1; at >= 0; at--) {
      if (this.#samples[at].name === name) this.#samples.splice(at, 1);
    }
    this.#counts.delete(name);
  }

  /** A class is called otherwise from now on, perhaps as another. */
  rename(name: string, to: string): void {
    for (const [at, sample] of this.#samples.entries())
      if (sample.name === name) this.#samples[at] = { ...sample, name: to };
    this.#count(to, this.#counts.get(name) ?? 0);
    this.#counts.delete(name);
  }

  /** Forgets them. */
  clear(): void {
    this.#samples.length = 0;
    this.#counts.clear();
  }

  #count(name: string, change: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + change);
  }
}
