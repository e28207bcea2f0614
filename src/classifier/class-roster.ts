import { stampText } from '../base/time.js';
import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { longestName } from '../base/snapshot.js';
import type { SpikingNetwork } from '../snn/spiking-network.js';
import { Claims } from './claims.js';
import { ClassEdits } from './class-edits.js';

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

/** Facts about a class. */
export interface ClassFacts {
  readonly name: string;
  /** Number of its labels. */
  readonly labels: number;
  /** Number of neurons that stand for it. */
  readonly neurons: number;
}

/** Classes in the order in which they first came; the network knows them by index. */
export class ClassRoster {
  /** Number of labels of each class. */
  readonly labels: Float64Array;
  /** When each class was last heard, counted in labels. */
  readonly heardAt: Float64Array;
  /** Names without room. */
  readonly claims = new Claims();
  /** Edits of classes by people. */
  readonly edits = new ClassEdits();
  #all: readonly string[] = [];
  #scores: Float32Array;
  #netScores: Float32Array;

  constructor(readonly network: SpikingNetwork) {
    this.labels = new Float64Array(network.shape.classes);
    this.heardAt = new Float64Array(network.shape.classes);
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

  /** A label of that class came, before it is counted. */
  hear(index: number): void {
    this.heardAt[index] = 1 + largest(this.heardAt);
    if (this.labels[index] === 0) this.edits.taught(this.#all[index]);
  }

  /**
   * Index of the class that makes room for a new one, as {@link Claims} decide; `undefined`: there is room, or no claim
   * is weaker.
   */
  giveWay(name: string): number | undefined {
    const known = this.#all.length;
    if (known < this.network.shape.classes || this.#all.includes(name)) return undefined;
    return this.claims.giveWay(name, this.labels.subarray(0, known), this.heardAt);
  }

  /** Renames a class. */
  rename(index: number, name: string): void {
    this.take(this.#all.with(index, name));
  }

  /**
   * Removes a class: those after it move up.
   *
   * @param into - the class that takes over its counts; absent: none
   */
  remove(index: number, into?: number): void {
    const { labels, heardAt } = this;
    if (into !== undefined) {
      labels[into] += labels[index];
      heardAt[into] = Math.max(heardAt[into], heardAt[index]);
    }
    for (const counts of [labels, heardAt]) {
      counts.copyWithin(index, index + 1);
      counts[counts.length - 1] = 0;
    }
    this.take(this.#all.toSpliced(index, 1));
  }

  /** Facts about each class. */
  get facts(): readonly ClassFacts[] {
    const { owned } = this.network.state;
    return this.#all.map((name, c) => ({ name, labels: this.labels[c], neurons: owned[c] }));
  }

  /** Forgets all classes, claims and edits. */
  reset(): void {
    this.claims.state = { names: [], counts: [] };
    this.edits.restore();
    this.labels.fill(0);
    this.heardAt.fill(0);
    this.take([]);
  }

  /** Takes over the names of classes that the network already has. */
  take(names: readonly string[]): void {
    this.#all = names;
    this.#scores = this.network.givenVotes.subarray(0, names.length);
    this.#netScores = this.network.votes.subarray(0, names.length);
  }
}

function largest(numbers: Float64Array): number {
  let most = 0;
  for (const each of numbers) if (each > most) most = each;
  return most;
}
