import { InvalidArgumentError } from 'commander';

/**
 * Parser of a numeric option; bounds are checked where the number is used, this only wants a number.
 *
 * @throws InvalidArgumentError which commander turns into a usage message
 */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError(`"${text}" is not a number.`);
  return value;
}
