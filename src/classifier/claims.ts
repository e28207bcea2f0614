import { putNewest } from '../base/newest.js';
import { badState, storedNames, type Json } from '../base/snapshot.js';

// Where there is no room for a new class, the least founded class makes room: the one with the fewest labels; of several,
// the one whose label is oldest. It must have at most two labels, or fewer than the new name has come with. A slip of the
// tongue comes once and changes nothing; a thousand accidental names cannot keep out an intended one.

/** A class with at most this many labels makes room at once. */
const unfounded = 2;
/** Most names that wait for room; with one more, the one heard longest ago is dropped. */
const mostNames = 1000;

/** Names without room, and how often each has come. */
export class Claims {
  #counts = new Map<string, number>();

  /**
   * A new name has come and there is no room.
   *
   * @param labels - of each class; `heard`: when each was last heard; as many as there are classes
   * @returns the class that makes room; `undefined`: none yet
   */
  giveWay(name: string, labels: Float64Array, heard: Float64Array): number | undefined {
    let least = 0;
    for (let c = 1; c < labels.length; c++) {
      if (labels[c] < labels[least] || (labels[c] === labels[least] && heard[c] < heard[least])) least = c;
    }
    const count = 1 + this.of(name);
    if (labels[least] <= unfounded || labels[least] < count) {
      this.#counts.delete(name);
      return least;
    }
    putNewest(this.#counts, name, count, mostNames);
    return undefined;
  }

  /** How often a name without room has come. */
  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Names and counts, the one heard longest ago first, for a snapshot; set: restored. */
  get state(): { readonly names: readonly string[]; readonly counts: readonly number[] } {
    return { names: [...this.#counts.keys()], counts: [...this.#counts.values()] };
  }

  set state({ names, counts }: Claims['state']) {
    this.#counts = new Map(names.map((name, at) => [name, counts[at]]));
  }
}

/**
 * Reads the state of {@link Claims}; an older file has none.
 *
 * @throws TopsparkError `bad_state`
 */
export function storedClaims(found: Json | undefined): Claims['state'] {
  if (found === undefined) return { names: [], counts: [] };
  const { names, counts } = found as { readonly names?: Json; readonly counts?: Json };
  const sound = storedNames(names, 'claims.names', mostNames);
  const numbers = Array.isArray(counts) ? (counts as readonly Json[]) : [];
  const all = sound.map((_, at) => numbers[at]);
  const wrong = all.findIndex((count) => !Number.isSafeInteger(count) || Number(count) < 1);
  if (wrong >= 0) badState(`claims.counts[${wrong}]`, JSON.stringify(all[wrong] ?? 'missing'), 'a count from 1');
  return { names: sound, counts: all.map(Number) };
}
