import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { packageVersion, programRoot } from 'topspark/base/package.js';

/** Program, time and machine of a measurement. */
export interface Provenance {
  readonly topspark: string;
  /** Git commit; null: unknown. */
  readonly commit: string | null;
  /** Date and time, ISO 8601 in UTC. */
  readonly created: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    /** [byte] */
    readonly memory: number;
    readonly platform: string;
    readonly node: string;
  };
}

/** Provenance of a measurement that is made now. */
export function provenance(): Provenance {
  return {
    topspark: packageVersion(),
    commit: commit(),
    created: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memory: totalmem(),
      platform: `${platform()} ${arch()}`,
      node: process.version,
    },
  };
}

function commit(): string | null {
  // A package that is installed inside another repository does not belong to its commit.
  if (!existsSync(`${programRoot}.git`)) return null;
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: programRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null; // git is missing or fails
  }
}
