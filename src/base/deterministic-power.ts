import { deterministicLog } from './deterministic-log.js';
import { deterministicExp } from './deterministic-math.js';

/**
 * base^exponent in doubles, the same bits on every machine: exp(exponent · ln base).
 *
 * @param base - above 0
 * @param exponent - such that exponent · ln base is in -100..100
 */
export function deterministicPower(base: number, exponent: number): number {
  return deterministicExp(exponent * deterministicLog(base));
}
