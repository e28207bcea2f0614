import type { DecisionHeard, ModeHeard, StatusHeard } from '../../src/demo/demo-events.js';

/** A decision as received in the middle of a run. */
export function decision(changes: Partial<DecisionHeard> = {}): DecisionHeard {
  return { kind: 'decision', stamp: 1n, label: '7', timesteps: 35, timestepsRun: 35, ...changes };
}

/** A mode as received. */
export function mode(changes: Partial<ModeHeard> = {}): ModeHeard {
  const reason = 'battery at 59.9 %: BALANCED holds from 30.0 %';
  return { kind: 'mode', stamp: 0n, name: 'BALANCED', timesteps: 35, events: 200, keep: 48, reason, ...changes };
}

/** The agent's status as received. */
export function status(changes: Partial<StatusHeard> = {}): StatusHeard {
  return {
    kind: 'status',
    stamp: 5_000_000_000n,
    received: 4000,
    dropped: {},
    neuronsUsed: 395,
    neurons: 400,
    accuracy: 0.87,
    accuracyLow: 0.83,
    accuracyHigh: 0.9,
    accuracySamples: 398,
    energyUsed: 0.0007,
    energySaved: 0.0529,
    latencyP50: 0.00091,
    latencyP99: 0.0042,
    ...changes,
  };
}
