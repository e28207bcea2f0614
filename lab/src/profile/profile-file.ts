import { TopsparkError, reasonOf } from 'topspark/base/errors.js';
import { readSmallText } from 'topspark/base/regular-file.js';
import { checkSchema } from '../jobs/json-schema.js';
import type { ProfileResult } from './profile-result.js';

/**
 * Reads a profile and checks it against schema/profile.schema.json.
 *
 * @throws {@link TopsparkError} `profile_unreadable` or `bad_profile`, naming file, field and expected value
 */
export function readProfileFile(path: string): ProfileResult {
  let found: unknown;
  try {
    found = JSON.parse(readSmallText(path));
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new TopsparkError('profile_unreadable', 'data', `profile ${path} cannot be read: ${reason}`, { cause });
  }
  return checkProfile(found, `profile ${path}`);
}

/**
 * Checks that a value is a profile.
 *
 * @param where - what the value is, for the error's sentence
 * @throws {@link TopsparkError} `bad_profile` naming the first wrong field
 */
export function checkProfile(value: unknown, where: string): ProfileResult {
  checkSchema('profile', value, where);
  return value as ProfileResult;
}
