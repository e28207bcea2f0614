import { badState, longestName, type Json } from '../base/snapshot.js';

/** A class that was forgotten on purpose, or renamed. */
export interface ClassEdit {
  /** Number of the edit within its classifier, from 1. */
  readonly number: number;
  readonly name: string;
  /** The new name; absent: the class was forgotten. */
  readonly to?: string;
}

/** Most edits kept and shared; with one more, the oldest is dropped. */
export const mostClassEdits = 256;

/**
 * Edits of classes by people. In a merge they keep the knowledge of other robots from bringing back a class that was
 * forgotten here, and give it the names used here. A class that is taught again is a new one: earlier edits of its name
 * no longer apply.
 */
export class ClassEdits {
  #count = 0;
  #list: readonly ClassEdit[] = [];

  /** A class was forgotten, or renamed. */
  add(name: string, to?: string): void {
    const edit = { number: ++this.#count, name, ...(to !== undefined && { to }) };
    this.#list = [...this.#list.filter((each) => each.name !== name && each.name !== to), edit].slice(-mostClassEdits);
  }

  /** A class of that name was taught: drops earlier edits of the name. */
  taught(name: string): void {
    if (this.#list.some((each) => each.name === name)) this.#list = this.#list.filter((each) => each.name !== name);
  }

  /** The stored form; `undefined`: there were no edits. */
  get state(): Json | undefined {
    if (this.#count === 0) return undefined;
    return { count: this.#count, list: this.#list.map((edit) => ({ ...edit })) };
  }

  /** Forgets all edits, or takes over `stored` from {@link storedEdits}. */
  restore({ count, list }: StoredEdits = { count: 0, list: [] }): void {
    this.#count = count;
    this.#list = list;
  }
}

/** Stored state of {@link ClassEdits}. */
export interface StoredEdits {
  readonly count: number;
  readonly list: readonly ClassEdit[];
}

/**
 * Reads the edits of a stored classifier; older files have none.
 *
 * @throws TopsparkError `bad_state`
 */
export function storedEdits(found: Json | undefined): StoredEdits {
  if (found === undefined) return { count: 0, list: [] };
  const { count, list } = found as { readonly count?: Json; readonly list?: Json };
  const isCount = (value: Json | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
  const isName = (value: unknown): boolean => typeof value === 'string' && value !== '' && value.length <= longestName;
  const isEdit = (edit: Json): boolean => {
    const { number, name, to } = {
      ...(edit as { readonly number?: Json; readonly name?: Json; readonly to?: Json } | null),
    };
    return isCount(number) && isName(name) && (to === undefined || isName(to));
  };
  const edits: readonly Json[] = Array.isArray(list) ? list : [];
  if (isCount(count) && Array.isArray(list) && edits.length <= mostClassEdits && edits.every(isEdit)) {
    return { count, list: edits as unknown as readonly ClassEdit[] };
  }
  badState('class_edits', JSON.stringify(found).slice(0, 80), `a count and at most ${mostClassEdits} edits`);
}
