import { parameterTypes, ros } from './rclnodejs.js';

/**
 * A parameter from its parts.
 *
 * @param value - as rcl parsed it; integers may be numbers, of which rclnodejs converts single ones only
 */
export function toParameter(name: string, type: ros.ParameterType, value: unknown): ros.Parameter {
  const exact: unknown = type === parameterTypes.integerArray && Array.isArray(value) ? value.map(BigInt) : value;
  return new ros.Parameter(name, type, exact);
}
