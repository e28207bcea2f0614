import { putNewest } from '../base/newest.js';
import { badState, storedNames, type Json } from '../base/snapshot.js';

// Where there is no room for a new class, the class with the weakest claim makes room. That is the class with the
// fewest labels; with several, the one that was heard longest ago. It must have at most two labels, or fewer labels
// than the new name has come times. A slip of the tongue comes once and removes no founded class, and a thousand
// accidental names cannot keep out an intended one.

/** A class with at most this many labels makes room at once. */
const unfounded = 2;
/** Most names that wait for room; with one more, the one heard longest ago is dropped. */
const mostNames = 1000;

/** Names without room, with the number of times that each has come. */
export class Claims {
  #counts = new Map<string, number>();

  /**
   * A new name has come, and there is no room.
   *
   * @param labels - number of labels of each class
   * @param heard - when each class was last heard
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

  /** Number of times that a name without room has come. */
  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Names and counts for a snapshot, the name heard longest ago first. Setting it restores them. */
  get state(): { readonly names: readonly string[]; readonly counts: readonly number[] } {
    return { names: [...this.#counts.keys()], counts: [...this.#counts.values()] };
  }

  set state({ names, counts }: Claims['state']) {
    this.#counts = new Map(names.map((name, at) => [name, counts[at]]));
  }
}

/**
 * Reads the state of {@link Claims}; older files have none.
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
