// @ts-check
import { constants } from 'node:os';

/** What stops a script from outside: Ctrl-C, an end that is asked for, a terminal that is closed. */
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @typedef {(signal: NodeJS.Signals, again: boolean) => void} Listener - `again`: what runs must end at once */

/** Thrown where a script stops because it was asked to. */
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
 * Listens for these signals. The first one is left to what runs: it ends its children, and everything that it holds is
 * given back on the way out. The second one ends the process at once, children first.
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
 * @returns {() => void} takes it away again
 */
export function onInterruption(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @throws Interrupted where a signal has come: nothing new is begun then */
export function throwIfInterrupted() {
  if (received !== undefined) throw received;
}

/** @returns {Interrupted | undefined} what stopped this process; undefined where nothing did */
export function interruption() {
  return received;
}
