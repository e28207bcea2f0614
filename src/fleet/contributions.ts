import type { Contribution } from './contribution.js';
import type { RobotWeights } from './robot-weights.js';

/**
 * The newest contribution of each robot, as a set. The order and the number of times in which contributions arrive make
 * no difference. Removing a robot leaves the set as if it had never shared.
 */
export class Contributions {
  /** The empty set. */
  static readonly none = new Contributions(new Map(), new Map());

  private constructor(
    private readonly byRobot: ReadonlyMap<string, Contribution>,
    /** Weights of robots, also of such that are not in the set. */
    readonly weights: RobotWeights,
  ) {}

  /** The set with other weights of robots. */
  weighing(weights: RobotWeights): Contributions {
    return new Contributions(this.byRobot, weights);
  }

  /** The contribution of a robot alone, with the same weights. */
  only(robot: string): Contributions {
    return new Contributions(new Map([...this.byRobot].filter(([name]) => name === robot)), this.weights);
  }

  /** The set with a contribution, which replaces an older one of its robot. An older or equal one changes nothing. */
  with(contribution: Contribution): Contributions {
    const { robot } = contribution.manifest;
    const known = this.byRobot.get(robot);
    if (known !== undefined && !isNewer(contribution, known)) return this;
    return new Contributions(new Map([...this.byRobot, [robot, contribution]]), this.weights);
  }

  /** The set without a robot. */
  without(robot: string): Contributions {
    if (!this.byRobot.has(robot)) return this;
    return new Contributions(new Map([...this.byRobot].filter(([name]) => name !== robot)), this.weights);
  }

  /** The contribution of a robot. */
  of(robot: string): Contribution | undefined {
    return this.byRobot.get(robot);
  }

  /** All of them, by name of the robot. */
  get all(): readonly Contribution[] {
    return [...this.byRobot.values()].sort((a, b) => (a.manifest.robot < b.manifest.robot ? -1 : 1));
  }
}

// Of two with the same version the content decides, so that all receivers keep the same one.
function isNewer({ manifest }: Contribution, { manifest: known }: Contribution): boolean {
  if (manifest.version !== known.version) return manifest.version > known.version;
  const listed = (chunks: typeof known.chunks): string => chunks.map(({ hash }) => hash).join('');
  return listed(manifest.chunks) > listed(known.chunks);
}
