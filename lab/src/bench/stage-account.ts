import { toNanoseconds } from 'topspark/base/time.js';
import type { NodeSummary } from 'topspark/ros/node-summary.js';

type Status = NodeSummary['status'];

/** CPU time of a decision by stage [s], in the node's order, without `idle`. */
export type StageTimes = Readonly<Record<string, number>>;

/** Sums up the stages of a node from one status to another. */
export class StageAccount {
  readonly #statuses: Status[] = [];

  hear(status: Status): void {
    this.#statuses.push(status);
  }

  /** Mean per decision. Empty with fewer than two statuses, or without a decision between them. */
  perDecision(): StageTimes {
    const [first] = this.#statuses;
    const last = this.#statuses.at(-1);
    if (last === undefined) return {};
    const decided = Number(last.decided) - Number(first.decided);
    if (decided === 0) return {};
    const sums: Record<string, number> = {};
    for (const [k, { header, stages, stage_shares: shares }] of this.#statuses.entries()) {
      if (k === 0) continue;
      const before = toNanoseconds(this.#statuses[k - 1].header.stamp);
      const elapsed = Number(toNanoseconds(header.stamp) - before) / 1e9;
      for (const [at, name] of stages.entries()) {
        if (name !== 'idle') sums[name] = (sums[name] ?? 0) + (shares[at] * elapsed) / decided;
      }
    }
    return sums;
  }
}
