import { isatty } from 'node:tty';
import { pino, type Logger } from 'pino';
import { printable } from '../base/quoted.js';
import { consoleFormat, type LogLevel } from './console-format.js';
import { reasonOf } from '../base/errors.js';

/** Second destination of a line: /rosout, once there is a node. */
export type LogSink = (level: LogLevel, message: string) => void;

/** The logger of the process, and its connection to /rosout. */
export interface Log {
  readonly logger: Logger;
  /** Lines carry the name of this node from now on: `/robot1/topspark`. */
  name(node: string): void;
  /** Each line also goes to `sink` from now on; `undefined` ends that. */
  forwardTo(sink: LogSink | undefined): void;
}

const metadata = Symbol.for('pino.metadata');

const levels: Readonly<Record<number, LogLevel>> = { 10: 'debug', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

/** Most characters that wait for a blocked console; further lines are dropped. */
const mostWaiting = 1 << 20;

/**
 * One logger for the whole process, writing from the first line. Lines look like those of every ROS node (see
 * {@link consoleFormat}), or are pino's JSON where TOPSPARK_LOG is `json`. Synchronous, so that no line is lost when
 * the process ends. A console that cannot be written, as on a full disk, is reported once on /rosout and ends nothing.
 *
 * @param file - descriptor; standard output by default
 */
export function createLog(name: string, file = 1, env: NodeJS.ProcessEnv = process.env): Log {
  let sink: LogSink | undefined;
  let shownName = name;
  let reported = false;
  const out = pino.destination({ dest: file, sync: true, maxLength: mostWaiting });
  out.on('error', (error: Error) => {
    if (!reported)
      sink?.('error', `the log cannot be written to the console: ${error.message}; it goes to /rosout alone`);
    reported = true;
  });
  const json = env['TOPSPARK_LOG'] === 'json';
  const format = consoleFormat(env, isatty(file));
  const forward = {
    [metadata]: true as const,
    lastLevel: 0,
    lastMsg: '',
    lastTime: '',
    write(line: string): void {
      const level = levels[this.lastLevel] ?? 'fatal';
      const message = this.lastMsg;
      const text = json
        ? `${printable(line.trimEnd())}\n`
        : format({ ...{ level, message, name: shownName }, time: Date.now() });
      out.write(text);
      sink?.(level, printable(message));
    },
  };
  const logger = pino({ name, level: 'info', timestamp: pino.stdTimeFunctions.isoTime }, forward);
  return {
    logger,
    name(node) {
      logger.setBindings({ node });
      shownName = node.replace(/^\//, '').replaceAll('/', '.');
    },
    forwardTo(next) {
      sink = next;
    },
  };
}

/** ROS's level numbers (10 debug … 50 fatal) as pino's names. */
export function levelFromRos(level: number): LogLevel {
  if (level < 20) return 'debug';
  if (level < 30) return 'info';
  if (level < 40) return 'warn';
  return level < 50 ? 'error' : 'fatal';
}

/** An error on one line. */
export function describeError(error: unknown): string {
  const message = reasonOf(error);
  return message.replaceAll(/\s*\n\s*/g, '; ');
}
