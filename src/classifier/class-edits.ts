import { badState, longestName, type Json } from '../base/snapshot.js';

/** A class that was forgotten on purpose, or renamed. */
export interface ClassEdit {
  /** Counts the edits of a classifier, from 1. */
  readonly number: number;
  readonly name: string;
  /** What it is called since; absent: it was forgotten. */
  readonly to?: string;
}

/** Edits that are remembered and shared; the oldest beyond these are given up. */
export const mostClassEdits = 256;

/**
 * What a person changed about classes, so that what others share cannot bring back what was forgotten here, and is called what
 * it is called here. A class that is taught again is another one: what was said of its name before holds no more.
 */
export class ClassEdits {
  #count = 0;
  #list: readonly ClassEdit[] = [];

  /** A class was forgotten, or renamed. */
  add(name: string, to?: string): void {
    const edit = { number: ++this.#count, name, ...(to !== undefined && { to }) };
    this.#list = [...this.#list.filter((each) => each.name !== name && each.name !== to), edit].slice(-mostClassEdits);
  }

  /** A class of that name is known. */
  taught(name: string): void {
    if (this.#list.some((each) => each.name === name)) this.#list = this.#list.filter((each) => each.name !== name);
  }

  /** As it is stored; `undefined`: nothing was ever changed. */
  get state(): Json | undefined {
    if (this.#count === 0) return undefined;
    return { count: this.#count, list: this.#list.map((edit) => ({ ...edit })) };
  }

  /** Forgets all of them; `stored`: takes over what {@link storedEdits} read. */
  restore({ count, list }: StoredEdits = { count: 0, list: [] }): void {
    this.#count = count;
    this.#list = list;
  }
}

/** What {@link ClassEdits} stored. */
export interface StoredEdits {
  readonly count: number;
  readonly list: readonly ClassEdit[];
}

/**
 * Edits of a stored classifier; one of before has none.
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
