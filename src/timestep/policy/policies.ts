import { defaultModes, modeNames, type ModeName, type ModeTable } from '../controller/modes.js';
import { timedPolicies, type TimedPolicyName } from './timed-policy.js';

/** Names of the policies that ship: how neuron parameters follow from an operating point. */
export const policyNames = ['lean', ...timedPolicies] as const;

/** Name of a policy: lean, or one with spikes in time. */
export type PolicyName = 'lean' | TimedPolicyName;

/** T of the modes with spikes in time. */
const timedTimesteps: Readonly<Record<ModeName, number>> = { FULL: 350, BALANCED: 100, SAVER: 50, CRITICAL: 25 };

/** The modes that ship for a policy. With spikes in time T is the lever; `none` scales nothing, so T stays. */
export function shippedModes(policy: PolicyName): ModeTable {
  if (policy === 'lean') return defaultModes;
  const modes = modeNames.map((name) => {
    const timesteps = policy === 'none' ? timedTimesteps.FULL : timedTimesteps[name];
    const mode = defaultModes[name];
    return [name, { ...mode, point: { ...mode.point, timesteps, exitFirst: 0, exit: 0 } }] as const;
  });
  return Object.fromEntries(modes) as unknown as ModeTable;
}
