import { stampText } from '../base/time.js';
import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { longestName } from '../base/snapshot.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';

/**
 * Checks a name of a class.
 *
 * @param name - the name, cleaned by {@link cleanName}
 * @param whose - owner of the name: `the class`, or the stamp of a label [ns], which is formatted only for an error
 * @param most - longest allowed name [character]
 * @throws TopsparkError `label_empty`, `label_too_long`
 */
export function checkName(name: string, whose: string | bigint, most = longestName): void {
  if (name !== '' && name.length <= most) return;
  const [code, found] =
    name === '' ? ['label_empty', 'has no name'] : ['label_too_long', `has the name ${quoted(name)}`];
  const bound = most < longestName ? `input.max_text = ${most}` : String(most);
  const owner = typeof whose === 'bigint' ? `label of ${stampText(whose)}` : whose;
  throw new TopsparkError(code, 'data', `${owner} ${found}, expected 1 to ${bound} characters`);
}

/** A name as stored: trimmed and composed (NFC), so that names that look the same are equal. */
export const cleanName = (name: string): string => name.normalize('NFC').trim();

/** Names of classes in the order in which they first came; the network knows classes by index. */
export class ClassNames {
  #all: readonly string[] = [];
  #scores: Float32Array;
  #netScores: Float32Array;

  constructor(readonly network: SpikingNetwork) {
    this.#scores = network.givenVotes.subarray(0, 0);
    this.#netScores = network.votes.subarray(0, 0);
  }

  /** All names. */
  get all(): readonly string[] {
    return this.#all;
  }

  /** Votes of each class, given and net; views, valid until the next sample. */
  get scores(): Float32Array {
    return this.#scores;
  }

  get netScores(): Float32Array {
    return this.#netScores;
  }

  /** Name of a class; empty for an unused index. */
  nameOf(index: number): string {
    return this.#all[index] ?? '';
  }

  /** Index of a class; a new class is added; -1: there is no room. */
  indexOf(name: string): number {
    const known = this.#all.indexOf(name);
    if (known >= 0) return known;
    if (this.#all.length === this.network.shape.classes) return -1;
    this.take([...this.#all, name]);
    return this.network.openClass();
  }

  /**
   * Adds missing classes.
   *
   * @param names - all names; the existing ones come first, in their order
   * @throws TopsparkError `bad_classes`
   */
  open(names: readonly string[]): void {
    const known = this.#all.every((name, c) => name === names[c]);
    if (!known || names.length > this.network.shape.classes) {
      const found = `the classes to assign are ${names.join(', ')}`;
      const expected = `at most ${this.network.shape.classes}, first ${this.#all.join(', ')}`;
      throw new TopsparkError('bad_classes', 'usage', `${found}, expected ${expected}`);
    }
    while (this.network.scalars.classes < names.length) this.network.openClass();
    this.take(names);
  }

  /** Renames a class. */
  rename(index: number, name: string): void {
    this.take(this.#all.with(index, name));
  }

  /** Removes a class: those after it move up. */
  remove(index: number): void {
    this.take(this.#all.toSpliced(index, 1));
  }

  /** Takes over the names of classes that the network already has. */
  take(names: readonly string[]): void {
    this.#all = names;
    this.#scores = this.network.givenVotes.subarray(0, names.length);
    this.#netScores = this.network.votes.subarray(0, names.length);
  }
}
