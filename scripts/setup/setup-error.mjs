// @ts-check

/** A failure that the user can repair. Shown without a stack trace. */
export class SetupError extends Error {
  /** @param {string} message - what was found, what was expected, and what to do */
  constructor(message) {
    super(message);
    this.name = 'SetupError';
  }
}
