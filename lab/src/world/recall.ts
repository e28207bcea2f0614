/** Counts right answers by class: plain accuracy, and mean recall over the classes, in which each counts alike. */
export class Recall {
  readonly #seen = new Map<string, { count: number; right: number }>();

  /** Enters one answer. */
  add(truth: string, right: boolean): void {
    const entry = this.#seen.get(truth) ?? { count: 0, right: 0 };
    entry.count++;
    entry.right += Number(right);
    this.#seen.set(truth, entry);
  }

  /** Share of right answers for each class that was seen, 0..1. */
  get byClass(): Record<string, number> {
    return Object.fromEntries([...this.#seen].sort().map(([name, { count, right }]) => [name, right / count]));
  }

  /** Mean of {@link Recall.byClass}; NaN where nothing was seen. */
  get mean(): number {
    const recalls = Object.values(this.byClass);
    return recalls.reduce((sum, each) => sum + each, 0) / recalls.length;
  }

  /** Share of right answers among all; NaN where nothing was seen. */
  get accuracy(): number {
    let count = 0;
    let right = 0;
    for (const each of this.#seen.values()) {
      count += each.count;
      right += each.right;
    }
    return right / count;
  }
}
