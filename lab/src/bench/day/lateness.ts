import type { Agent } from 'topspark/agent/agent.js';
import { samePoint } from 'topspark/timestep/policy/operating-point.js';
import type { OperatingProfile } from 'topspark/timestep/controller/profile.js';

/** Duration of decisions on the robot's processor, and their deadline [s]. */
export interface Latencies {
  readonly profile: OperatingProfile;
  readonly deadline: number;
}

/** Counts of late decisions. */
export interface LatenessResult {
  /** Decisions that came after the deadline. */
  readonly late: number;
  /** Late decisions for which some point of the profile would have been in time. */
  readonly avoidable: number;
}

/** Counts decisions that break the deadline, by what the points take on the robot's processor. */
export class Lateness {
  #late = 0;
  #avoidable = 0;

  /**
   * @param overhead - time from message to decision beside the network [s]
   * @param latencies - absent: a decision takes no time
   */
  constructor(
    readonly agent: Agent,
    readonly overhead: number,
    readonly latencies: Latencies | undefined,
  ) {}

  /** From message to decision at the point in force [s]. */
  expected(): number {
    const { point } = this.agent.mode;
    const known = this.latencies?.profile.points.find((each) => samePoint(each.point, point));
    return known ? this.overhead + known.latency[this.#part] : 0;
  }

  /** A sample was decided. */
  decided(): void {
    if (this.latencies === undefined || this.expected() <= this.latencies.deadline) return;
    const { profile, deadline } = this.latencies;
    this.#late++;
    const fastest = Math.min(...profile.points.map(({ latency }) => latency[this.#part]));
    this.#avoidable += Number(this.overhead + fastest <= deadline);
  }

  /** What was counted. */
  result(): LatenessResult {
    return { late: this.#late, avoidable: this.#avoidable };
  }

  get #part(): 'train' | 'infer' {
    return this.agent.mode.settings.learning ? 'train' : 'infer';
  }
}
