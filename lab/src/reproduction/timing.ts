import type { TimedWay } from '../jobs/timing-run.js';
import { timedEncodings } from 'topspark/timestep/policy/timed-policy.js';
import { economy, pointAt, policies, withExits, type ReproducedPolicy } from './reproduction-jobs.js';
import type { Scope } from './scope.js';

/** Timesteps at which policies are compared. */
export const timestepList = [350, 200, 100, 90, 50, 35, 25, 16, 8] as const;

/** CPU time per sample [µs]. */
export interface CpuTime {
  readonly train: number;
  readonly infer: number;
}

/** CPU time of every policy at every T for N = 400, and of the economy point with exits; one run takes all in turns. */
export interface CpuTimes {
  at(policy: ReproducedPolicy, timesteps: number): CpuTime;
  readonly economy: CpuTime;
}

function way(policy: ReproducedPolicy, timesteps: number): TimedWay {
  const common = { neurons: 400, point: pointAt(400, timesteps) };
  if (policy === 'lean') return common;
  return { ...common, timed: { policy, rule: 'pair', encoding: timedEncodings[policy] } };
}

/** Asks for the CPU times on a data set. */
export function cpuTimes(scope: Scope, dataset: string): CpuTimes | undefined {
  const cells = timestepList.flatMap((timesteps) => policies.map((policy) => ({ policy, timesteps })));
  const ways = cells.map(({ policy, timesteps }) => way(policy, timesteps));
  const cheap: TimedWay = { neurons: 400, point: pointAt(400, 35), decide: withExits(economy) };
  const options = { ways: [...ways, cheap], learned: scope.quick ? 500 : 3000, rounds: scope.quick ? 3 : 9 };
  const result = scope.ask({ kind: 'timing', dataset, options });
  if (!result) return undefined;
  return {
    at: (policy, timesteps) =>
      result.ways[cells.findIndex((cell) => cell.policy === policy && cell.timesteps === timesteps)],
    economy: result.ways[cells.length],
  };
}
