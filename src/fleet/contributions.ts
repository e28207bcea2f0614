import type { Contribution } from './contribution.js';

/**
 * What robots share, the newest of each: a set. In whatever order contributions arrive, and however often, the set is the same;
 * taking a robot out leaves what there would be had it never shared.
 */
export class Contributions {
  /** Nobody shares anything. */
  static readonly none = new Contributions(new Map());

  private constructor(private readonly byRobot: ReadonlyMap<string, Contribution>) {}

  /** The same with a contribution, which takes the place of an older one of its robot; an older or the same changes nothing. */
  with(contribution: Contribution): Contributions {
    const { robot } = contribution.manifest;
    const known = this.byRobot.get(robot);
    if (known !== undefined && !isNewer(contribution, known)) return this;
    return new Contributions(new Map([...this.byRobot, [robot, contribution]]));
  }

  /** The same without a robot. */
  without(robot: string): Contributions {
    if (!this.byRobot.has(robot)) return this;
    return new Contributions(new Map([...this.byRobot].filter(([name]) => name !== robot)));
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

// Two of one version differ by what they hold, so that all receivers keep the same one.
function isNewer({ manifest }: Contribution, { manifest: known }: Contribution): boolean {
  if (manifest.version !== known.version) return manifest.version > known.version;
  const listed = (chunks: typeof known.chunks): string => chunks.map(({ hash }) => hash).join('');
  return listed(manifest.chunks) > listed(known.chunks);
}
