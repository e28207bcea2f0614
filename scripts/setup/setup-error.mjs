// @ts-check

/** A reason to stop that the user can do something about; shown without a stack trace. */
export class SetupError extends Error {
  /** @param {string} message - what was found, what was expected, and what to do about it */
  constructor(message) {
    super(message);
    this.name = 'SetupError';
  }
}
