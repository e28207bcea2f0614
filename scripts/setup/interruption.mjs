// @ts-check
import { constants } from 'node:os';

/** Signals that stop a script: Ctrl-C, a request to end, a closed terminal. */
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @typedef {(signal: NodeJS.Signals, again: boolean) => void} Listener - `again`: whatever runs must end at once */

/** Thrown when a signal stops the script. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`Stopped by ${signal}.`);
    this.name = 'Interrupted';
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** @type {Interrupted | undefined} */
let received;
/** @type {Set<Listener>} */
const listeners = new Set();

/**
 * Listens for these signals. The first one is left to the listeners: they end their children, and locks and temporary
 * folders are released on the way out. The second one ends the process at once, children first.
 */
export function listenForInterruptions() {
  for (const signal of signals) {
    process.on(signal, () => {
      const again = received !== undefined;
      received ??= new Interrupted(signal);
      for (const listener of listeners) listener(signal, again);
      if (again) process.exit(received.exitCode);
    });
  }
}

/**
 * @param {Listener} listener
 * @returns {() => void} removes the listener
 */
export function onInterruption(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @throws Interrupted if a signal has come, so that nothing new is started */
export function throwIfInterrupted() {
  if (received !== undefined) throw received;
}

/** @returns {Interrupted | undefined} the signal that stopped this process; undefined if none did */
export function interruption() {
  return received;
}
