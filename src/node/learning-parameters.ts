import type { Agent } from '../agent/agent.js';
import {
  bool,
  choice,
  needsOneOf,
  where,
  type Apply,
  type Parameter,
  type ParameterValues,
} from '../base/parameters.js';
import type { Learning } from '../snn/presentation.js';

/** Which samples are learned. */
export function learning(values: ParameterValues): Learning {
  return values.bool('learning.enabled') && (values.text('learning.samples') === 'novel' ? 'novel' : true);
}

const learn: Apply<Agent> = (agent, values) => {
  agent.setLearning(learning(values));
};

/** Parameters of learning. */
export const learningEntries: readonly Parameter<Agent>[] = [
  bool('learning.enabled', true, learn, 'learn from samples if the energy mode allows it too'),
  ...where(needsOneOf('network.policy', ['lean']), [
    choice(
      'learning.samples',
      'all',
      ['all', 'novel'],
      learn,
      'samples to learn; novel: a settled network skips samples that it is sure of',
    ),
  ]),
];
