import type { Agent } from 'topspark/agent/agent.js';
import { samePoint } from 'topspark/timestep/policy/operating-point.js';
import type { OperatingProfile } from 'topspark/timestep/controller/profile.js';

/** Durations of decisions on the robot's processor, and their deadline [s]. */
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

/** Counts decisions that miss the deadline, by the latencies of the points on the robot's processor. */
export class Lateness {
  #late = 0;
  #avoidable = 0;

  /**
   * @param overhead - time from message to decision besides the network [s]
   * @param latencies - absent: a decision takes no time
   */
  constructor(
    readonly agent: Agent,
    readonly overhead: number,
    readonly latencies: Latencies | undefined,
  ) {}

  /** Time from message to decision at the current point [s]. */
  expected(): number {
    const { point } = this.agent.mode;
    const known = this.latencies?.profile.points.find((each) => samePoint(each.point, point));
    return known ? this.overhead + known.latency[this.#part] : 0;
  }

  /** Counts a decision. */
  decided(): void {
    if (this.latencies === undefined || this.expected() <= this.latencies.deadline) return;
    const { profile, deadline } = this.latencies;
    this.#late++;
    const fastest = Math.min(...profile.points.map(({ latency }) => latency[this.#part]));
    this.#avoidable += Number(this.overhead + fastest <= deadline);
  }

  /** The counts. */
  result(): LatenessResult {
    return { late: this.#late, avoidable: this.#avoidable };
  }

  get #part(): 'train' | 'infer' {
    return this.agent.mode.settings.learning ? 'train' : 'infer';
  }
}
