/** Counts right answers by class: plain accuracy, and mean recall, in which every class has the same weight. */
export class Recall {
  readonly #seen = new Map<string, { count: number; right: number }>();

  add(truth: string, right: boolean): void {
    const entry = this.#seen.get(truth) ?? { count: 0, right: 0 };
    entry.count++;
    entry.right += Number(right);
    this.#seen.set(truth, entry);
  }

  /** Share of right answers for each class that occurred, 0..1. */
  get byClass(): Record<string, number> {
    return Object.fromEntries([...this.#seen].sort().map(([name, { count, right }]) => [name, right / count]));
  }

  /** Mean of {@link Recall.byClass}; NaN before the first answer. */
  get mean(): number {
    const recalls = Object.values(this.byClass);
    return recalls.reduce((sum, each) => sum + each, 0) / recalls.length;
  }

  /** Share of right answers among all; NaN before the first answer. */
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
