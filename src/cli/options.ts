import { TopsparkError } from '../base/errors.js';
import { InvalidArgumentError } from 'commander';

/**
 * Parses a numeric option; bounds are checked where the number is used.
 *
 * @throws InvalidArgumentError which commander turns into a usage message
 */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError(`"${text}" is not a number.`);
  return value;
}

/** @throws TopsparkError `bad_name` where it is not the full name of a node */
export function checkNodeName(node: string): void {
  if (/^(\/[A-Za-z_]\w*)+$/.test(node)) return;
  throw new TopsparkError('bad_name', 'usage', `the node is "${node}", expected a full name, such as /robot1/topspark`);
}
