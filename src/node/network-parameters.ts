import { bool, choice, integer, needsOneOf, where, type ParameterEntry } from '../base/parameters.js';
import { linearReadoutUses, mostAutoInputs } from '../classifier/linear-use.js';
import { spikeEncodings, spikeRules } from '../snn/timed/timed-baseline.js';
import { policyNames } from '../timestep/policy/policies.js';
import { timedPolicies } from '../timestep/policy/timed-policy.js';

/** Choice that leaves a setting to the policy. */
export const byPolicy = 'auto';

/** Parameters of the network. */
export const networkEntries: readonly ParameterEntry[] = [
  choice('network.policy', 'lean', policyNames, 'read-only', 'how samples are presented: lean, or spikes in time'),
  ...where(needsOneOf('network.policy', timedPolicies), [
    choice('network.rule', byPolicy, [byPolicy, ...spikeRules], 'read-only', 'plasticity rule of spikes in time'),
    choice('network.encoding', byPolicy, [byPolicy, ...spikeEncodings], 'read-only', 'how intensities become spikes'),
    integer('network.seed', 0, [0, Number.MAX_SAFE_INTEGER], 'seed of weights and spikes in time'),
  ]),
  integer('network.neurons', 400, [10, 6400], 'excitatory neurons N'),
  integer('network.classes', 64, [2, 1000], 'largest number of classes'),
  ...where(needsOneOf('network.policy', ['lean']), [
    bool(
      'network.self_learning',
      true,
      'read-only',
      'class neurons and the means beside a linear readout learn from unnamed samples, too',
    ),
    choice(
      'network.linear_readout',
      'auto',
      linearReadoutUses,
      'read-only',
      `a linear readout learns beside the votes; auto: from vectors of features (features, embedding) of up to ${mostAutoInputs} numbers; never: the next checkpoint leaves out what it has learned`,
    ),
  ]),
  integer('network.memory', 1800, [1, 4096], 'recent samples that a late label can still find: 60 s at 30 Hz'),
];
