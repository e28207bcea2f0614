import type { Need, ParameterEntry } from '../base/parameters.js';
import type { QosProfile } from './qos-profiles.js';

/** A topic of the node whose quality of service can be configured. */
export interface Endpoint {
  /** Name as the node writes it: `image`, `~/decision`. */
  readonly topic: string;
  readonly kind: 'publisher' | 'subscription';
  readonly profile: QosProfile;
  /** Conditions for its existence. */
  readonly needs?: readonly Need[];
}

/** Start of the names of an endpoint's `qos_overrides`. */
export const qosBlock = (topic: string, kind: Endpoint['kind']): string => `qos_overrides.${topic}.${kind}`;

/**
 * The `qos_overrides` of one topic. Where one is set, they are declared with all other parameters, so that they are
 * listed before the topic exists.
 *
 * @param topic - full name after remapping: `/robot1/image`
 */
export function qosParameters(topic: string, { kind, profile, needs = [] }: Endpoint): ParameterEntry[] {
  const at = (policy: string): string => `${qosBlock(topic, kind)}.${policy}`;
  const description = `quality of service of ${topic}`;
  const common = { needs, whereGiven: true as const, description };
  const text = (name: string, standard: string, choices: readonly string[]): ParameterEntry => ({
    ...{ ...common, name, type: 'string', standard, choices },
  });
  return [
    text(at('history'), 'keep_last', ['keep_last', 'keep_all']),
    { ...common, name: at('depth'), type: 'integer', standard: profile.depth, low: 1, high: 100_000 },
    text(at('reliability'), profile.reliability, ['reliable', 'best_effort']),
  ];
}
