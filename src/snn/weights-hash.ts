import type { Slices } from '../base/slices.js';
import { sha256 } from '../base/sliced-hash.js';
import type { NetworkState } from './network-state.js';

/** Learned state: weights, thresholds and class evidence. */
export type LearnedState = Pick<NetworkState, 'weights' | 'scale' | 'theta' | 'evidence' | 'message'>;

/**
 * SHA-256 (hex) of the stored weights, thresholds and class evidence of the neurons that have formed.
 *
 * @param neurons - N
 * @param touched - neurons that have formed
 */
export function weightsHash(state: LearnedState, neurons: number, touched: number): Slices<string> {
  const { weights, scale, theta, evidence, message } = state;
  const arrays = [weights, scale, theta, evidence, message];
  return sha256(arrays.map((array) => array.subarray(0, (array.length / neurons) * touched)));
}
