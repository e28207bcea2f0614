import type { ParameterEntry } from '../base/parameters.js';
import type { QosProfile } from './qos-profiles.js';

/** A topic of the node whose quality of service the user may change. */
export interface Endpoint {
  /** Name as the node writes it: `image`, `~/decision`. */
  readonly topic: string;
  readonly kind: 'publisher' | 'subscription';
  readonly profile: QosProfile;
}

/**
 * The `qos_overrides` of one topic, declared with all other parameters so that they are listed before the topic exists.
 *
 * @param topic - full name after remapping: `/robot1/image`
 */
export function qosParameters(topic: string, { kind, profile }: Endpoint): ParameterEntry[] {
  const at = (policy: string): string => `qos_overrides.${topic}.${kind}.${policy}`;
  const common = { dynamic: false, description: `quality of service of ${topic}` };
  const text = (name: string, standard: string, choices: readonly string[]): ParameterEntry => ({
    ...{ ...common, name, type: 'string', standard, choices },
  });
  return [
    text(at('history'), 'keep_last', ['keep_last', 'keep_all']),
    { ...common, name: at('depth'), type: 'integer', standard: profile.depth, low: 1, high: 100_000 },
    text(at('reliability'), profile.reliability, ['reliable', 'best_effort']),
  ];
}
