import { defaultModes, modeNames, type ModeName, type ModeTable } from '../controller/modes.js';
import { timedPolicies, type TimedPolicyName } from './timed-policy.js';

/** Names of the shipped policies, by which neuron parameters follow from an operating point. */
export const policyNames = ['lean', ...timedPolicies] as const;

/** Name of a shipped policy. */
export type PolicyName = 'lean' | TimedPolicyName;

/** T of each mode with spikes in time. */
const timedTimesteps: Readonly<Record<ModeName, number>> = { FULL: 350, BALANCED: 100, SAVER: 50, CRITICAL: 25 };

/** The shipped modes of a policy. With spikes in time they differ in T; `none` scales nothing, so it keeps its T. */
export function shippedModes(policy: PolicyName): ModeTable {
  if (policy === 'lean') return defaultModes;
  const modes = modeNames.map((name) => {
    const timesteps = policy === 'none' ? timedTimesteps.FULL : timedTimesteps[name];
    const mode = defaultModes[name];
    return [name, { ...mode, point: { ...mode.point, timesteps, exitFirst: 0, exit: 0 } }] as const;
  });
  return Object.fromEntries(modes) as unknown as ModeTable;
}
